// Puts each SDK into the artifact's node_modules as one CommonJS file. A package of its own, and not a part of the
// functions' bundles: the SDKs count on sloppy mode, which an ES module does not have. Two small neighbours keep it fast:
// `index.js` names the exports, so that Node's export scanner does not read through the big file.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { leaveOut } from './leave-out.ts'
import { pruneEcs } from './prune-ecs.ts'
import { pruneTablestore } from './prune-tablestore.ts'
import { settleAll } from './settle.ts'

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
]

/** Writes `<artifact>/node_modules`. Throws when an SDK lacks an operation or is laid out in another way than known. */
export async function vendor(artifact: string, operations = OPERATIONS): Promise<void> {
  const modules = `${artifact}/node_modules`
  await rm(modules, { recursive: true, force: true })
  await settleAll([
    vendorOne(modules, '@alicloud/tablestore', '@alicloud/tablestore/index.js', [
      pruneTablestore(operations.tablestore),
    ]),
    vendorEcs(modules, operations.ecs),
    // The package's own index requires two builds of the client; this is the one that it would choose. It only signs here.
    vendorOne(modules, '@alicloud/fc2', '@alicloud/fc2/lib/client.js', [leaveOut(['ali-oss', 'axios', 'httpx', 'ws'])]),
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
  const plugins = [pruneEcs(operations), leaveOut(UNUSED_BY_ECS)]
  await bundle(`${modules}/${parts.ecs}/sdk.js`, { contents: entry.join('\n'), resolveDir: root }, plugins)
  await writePackage(modules, parts.ecs, './sdk.js', 'ecs')
  await writePackage(modules, parts.core, '../ecs20140526/sdk.js', 'core')
  await writePackage(modules, parts.runtime, '../../@alicloud/ecs20140526/sdk.js', 'runtime')
}

async function vendorOne(modules: string, name: string, entry: string, plugins: Plugin[]): Promise<void> {
  const contents = `exports.sdk = require('${entry}')`
  await bundle(`${modules}/${name}/sdk.js`, { contents, resolveDir: root }, plugins)
  await writePackage(modules, name, './sdk.js', 'sdk')
}

async function bundle(
  outfile: string,
  stdin: { contents: string; resolveDir: string },
  plugins: Plugin[],
): Promise<void> {
  await build({
    stdin,
    outfile,
    plugins,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The project's own tsconfig asks for strict mode, which these files cannot bear.
    tsconfigRaw: {},
    logLevel: 'silent',
  })
}

/** `index.js` and `package.json` of one name. Loading the SDK here also proves that it loads. */
async function writePackage(modules: string, name: string, file: string, part: string): Promise<void> {
  const at = `${modules}/${name}`
  await mkdir(at, { recursive: true })
  const sdk = createRequire(`${at}/index.js`)(file) as Record<string, object>
  const names = Object.keys(sdk[part] ?? {}).filter((each) => /^[A-Za-z_$][\w$]*$/.test(each) && each !== 'default')
  const hint = names.length === 0 ? '' : `0 && (module.exports = { ${names.join(', ')} })\n`
  await writeFile(`${at}/index.js`, `const sdk = require('${file}')\nmodule.exports = sdk.${part}\n${hint}`)
  await writeFile(`${at}/package.json`, `${JSON.stringify({ name, main: 'index.js', type: 'commonjs' })}\n`)
}
