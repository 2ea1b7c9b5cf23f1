// Puts each SDK into the artifact's node_modules as one CommonJS file. A package of its own, and not a part of the
// functions' bundles: the SDKs count on sloppy mode, and each is loaded only when it is needed. Their `index.js` loads
// them as the functions are loaded.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { leaveOut, onlyGivenCredentials, onlyWhatIsUsed, silenceDebug, withoutWebAssembly } from './leave-out.ts'
import { pruneEcs } from './prune-ecs.ts'
import { pruneTablestore } from './prune-tablestore.ts'
import { replaceNewBuffer } from './replace-new-buffer.ts'
import { settleAll } from './settle.ts'
import { toLoadable } from './to-loadable.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the product calls; everything else of the SDKs stays behind. */
export const OPERATIONS = {
  tablestore: ['PutRow', 'GetRow', 'DeleteRow', 'GetRange', 'DescribeTable'],
  ecs: ['startInstance', 'describeInstances'],
}

/** Packages that are in the artifact's node_modules, and therefore in no bundle. */
export const VENDORED = [
  '@alicloud/tablestore',
  '@alicloud/ecs20140526',
  '@alicloud/openapi-core',
  '@darabonba/typescript',
  '@alicloud/fc2',
  '@simplewebauthn/server',
  '@simplewebauthn/server/helpers',
]

/** Writes `<artifact>/node_modules`, which counts on `load.cjs` above it. Throws when an SDK lacks an operation or is laid out in another way than known. */
export async function vendor(artifact: string, operations = OPERATIONS): Promise<void> {
  const modules = `${artifact}/node_modules`
  await rm(modules, { recursive: true, force: true })
  await settleAll([
    vendorOne(modules, '@alicloud/tablestore', '@alicloud/tablestore/index.js', [
      pruneTablestore(operations.tablestore),
      withoutWebAssembly(),
      replaceNewBuffer(/tablestore[\\/]lib[\\/].*\.js$/),
    ]),
    vendorEcs(modules, operations.ecs),
    // The package's own index requires two builds of the client; this is the one that it would choose. It only signs here.
    vendorOne(modules, '@alicloud/fc2', '@alicloud/fc2/lib/client.js', [leaveOut(['ali-oss', 'axios', 'httpx', 'ws'])]),
    vendorPasskeys(modules),
  ])
}

/**
 * A proxy, a WebSocket, the date and merge helpers, and what writes XML: a signed RPC call uses none of them. What reads XML
 * stays, as an error may come as XML.
 */
const UNUSED_BY_ECS = [
  'ws',
  'https-proxy-agent',
  'http-proxy-agent',
  'socks-proxy-agent',
  'moment',
  'lodash',
  'xmlbuilder',
]

/**
 * The ECS client and the two packages that share classes with it go into one file, and all three names lead into it:
 * whoever imports `Config` from one and `Client` from another gets parts of the same instance.
 */
async function vendorEcs(modules: string, operations: readonly string[]): Promise<void> {
  const parts = { ecs: '@alicloud/ecs20140526', core: '@alicloud/openapi-core', runtime: '@darabonba/typescript' }
  const entry = Object.entries(parts).map(([part, name]) => `exports.${part} = require('${name}')`)
  const plugins = [pruneEcs(operations), onlyGivenCredentials(), leaveOut(UNUSED_BY_ECS)]
  const file = `${parts.ecs}/sdk.js`
  await bundle(`${modules}/${file}`, entry, plugins)
  for (const [part, name] of Object.entries(parts)) await writePackage(modules, name, file, part)
}

/** Of both entries of the package what an approval is judged with. */
async function vendorPasskeys(modules: string): Promise<void> {
  const parts = {
    '@simplewebauthn/server': 'verifyAuthenticationResponse',
    '@simplewebauthn/server/helpers': 'isoCBOR',
  }
  const file = '@simplewebauthn/server/sdk.js'
  const entry = Object.entries(parts).map(([name, used]) => `export { ${used} } from '${name}'`)
  // Made of ES modules, which are strict; esbuild does not say so of what it makes of them.
  const banner = { js: `'use strict';` }
  await bundle(`${modules}/${file}`, entry, [onlyWhatIsUsed(/^(@simplewebauthn|@peculiar)\//)], banner)
  for (const name of Object.keys(parts)) await writePackage(modules, name, file)
}

async function vendorOne(modules: string, name: string, entry: string, plugins: Plugin[]): Promise<void> {
  const file = `${name}/sdk.js`
  await bundle(`${modules}/${file}`, [`module.exports = require('${entry}')`], plugins)
  await writePackage(modules, name, file)
}

async function bundle(
  outfile: string,
  entry: readonly string[],
  plugins: Plugin[],
  banner: { readonly js?: string } = {},
): Promise<void> {
  await build({
    stdin: { contents: entry.join('\n'), resolveDir: root },
    outfile,
    banner,
    plugins: [silenceDebug(), ...plugins],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The project's own tsconfig asks for strict mode, which these files cannot bear.
    tsconfigRaw: {},
    logLevel: 'silent',
  })
  await writeFile(outfile, toLoadable(await readFile(outfile, 'utf8')))
}

/** `index.js` and `package.json` of one name. Loading the SDK here also proves that it loads. */
async function writePackage(modules: string, name: string, file: string, part?: string): Promise<void> {
  const at = `${modules}/${name}`
  await mkdir(at, { recursive: true })
  const up = '../'.repeat(name.split('/').length + 1)
  const exported = part === undefined ? '' : `.${part}`
  await writeFile(
    `${at}/index.js`,
    `module.exports = require('${up}load.cjs').load('node_modules/${file}')${exported}\n`,
  )
  await writeFile(`${at}/package.json`, `${JSON.stringify({ name, main: 'index.js', type: 'commonjs' })}\n`)
  if (createRequire(`${at}/`)('./index.js') === undefined) throw new Error(`${name} exports nothing`)
}
