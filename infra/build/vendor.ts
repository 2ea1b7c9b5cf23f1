// Puts each SDK into the artifact's node_modules as one CommonJS file. A package of its own, and not a part of the
// functions' bundles: the SDKs count on sloppy mode, and each is loaded only when it is needed. The loader knows
// where they are; their `index.js` is for everybody else.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import {
  leaveEmpty,
  leaveOut,
  loadLater,
  onlyGivenCredentials,
  onlyWhatIsUsed,
  silenceDebug,
  withoutWebAssembly,
} from './leave-out.ts'
import { PACKAGES, toFile, type Vendored } from './packages.ts'
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

/** Writes `<artifact>/node_modules`, which counts on `load.cjs` above it. Throws when an SDK lacks an operation or is laid out in another way than known. */
export async function vendor(artifact: string, operations = OPERATIONS): Promise<void> {
  const modules = `${artifact}/node_modules`
  await rm(modules, { recursive: true, force: true })
  await settleAll([
    vendorOne(modules, '@alicloud/tablestore', '@alicloud/tablestore/index.js', [
      pruneTablestore(operations.tablestore),
      // Searches and SQL.
      leaveEmpty(['tablestore/lib/search.js', 'tablestore/lib/sql.js', 'tablestore/lib/protocol/sql_generated.js']),
      leaveOut(['flatbuffers']),
      withoutWebAssembly(),
      replaceNewBuffer(/tablestore[\\/]lib[\\/].*\.js$/),
    ]),
    vendorEcs(modules, operations.ecs),
    // The package's own index requires two builds of the client; this is the one that it would choose. It only signs here.
    vendorOne(modules, '@alicloud/fc2', '@alicloud/fc2/lib/client.js', [leaveOut(['ali-oss', 'axios', 'httpx', 'ws'])]),
    vendorOne(modules, 'xml2js', 'xml2js', [leaveOut(['xmlbuilder'])]),
    vendorPasskeys(modules),
  ])
}

/** Gateways of other products, and the date and merge helpers: a signed RPC call uses none of them. */
const UNUSED_BY_ECS = ['@alicloud/gateway-spi', 'moment', 'lodash']
/** WebSockets, with their proxies, and files to read a body from. */
const EMPTY_IN_ECS = [
  '@darabonba/typescript/dist/websocket.js',
  '@darabonba/typescript/dist/file.js',
  '@alicloud/openapi-core/dist/websocketUtils/index.js',
]

async function vendorEcs(modules: string, operations: readonly string[]): Promise<void> {
  const file = '@alicloud/ecs20140526'
  const entry = listIn(file).map(([name, { part }]) => `exports.${part} = require('${name}')`)
  await vendorAs(modules, file, entry, [
    pruneEcs(operations),
    onlyGivenCredentials(),
    leaveOut(UNUSED_BY_ECS),
    leaveEmpty(EMPTY_IN_ECS),
    // An error may come as XML, and an answer compressed: neither has been asked for.
    loadLater('xml2js', ['Parser']),
    loadLater('zlib', ['createGunzip', 'createInflate']),
  ])
}

/** Of both entries of the package what an approval is judged with. */
async function vendorPasskeys(modules: string): Promise<void> {
  const parts = {
    '@simplewebauthn/server': 'verifyAuthenticationResponse',
    '@simplewebauthn/server/helpers': 'isoCBOR',
  }
  const entry = Object.entries(parts).map(([name, used]) => `export { ${used} } from '${name}'`)
  // Made of ES modules, which are strict; esbuild does not say so of what it makes of them.
  const banner = { js: `'use strict';` }
  await vendorAs(modules, '@simplewebauthn/server', entry, [onlyWhatIsUsed(/^(@simplewebauthn|@peculiar)\//)], banner)
}

async function vendorOne(modules: string, name: string, entry: string, plugins: Plugin[]): Promise<void> {
  await vendorAs(modules, name, [`module.exports = require('${entry}')`], plugins)
}

/** Writes one file, and an `index.js` for each package whose code is in it. */
async function vendorAs(
  modules: string,
  name: string,
  entry: readonly string[],
  plugins: Plugin[],
  banner: { readonly js?: string } = {},
): Promise<void> {
  const outfile = `${modules}/${name}/sdk.js`
  await build({
    stdin: { contents: entry.join('\n'), resolveDir: root },
    outfile,
    banner,
    plugins: [silenceDebug(), ...plugins],
    bundle: true,
    // A third of what a start reads of them is indentation. In stacks, names stay, and a line is short enough to find the place.
    minifyWhitespace: true,
    lineLimit: 120,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The project's own tsconfig asks for strict mode, which these files cannot bear.
    tsconfigRaw: {},
    logLevel: 'silent',
  })
  await writeFile(outfile, toLoadable(await readFile(outfile, 'utf8')))
  for (const [each, vendored] of listIn(name)) await writePackage(modules, each, vendored)
}

function listIn(name: string): readonly (readonly [string, Vendored])[] {
  return Object.entries(PACKAGES).filter(([, vendored]) => vendored.in === name)
}

/** `index.js` and `package.json` of one name. Loading the SDK here also proves that it loads. */
async function writePackage(modules: string, name: string, vendored: Vendored): Promise<void> {
  const at = `${modules}/${name}`
  await mkdir(at, { recursive: true })
  const up = '../'.repeat(name.split('/').length + 1)
  const exported = vendored.part === undefined ? '' : `.${vendored.part}`
  await writeFile(
    `${at}/index.js`,
    `module.exports = require('${up}load.cjs').load('${toFile(vendored)}')${exported}\n`,
  )
  await writeFile(`${at}/package.json`, `${JSON.stringify({ name, main: 'index.js', type: 'commonjs' })}\n`)
  if (createRequire(`${at}/`)('./index.js') === undefined) throw new Error(`${name} exports nothing`)
}
