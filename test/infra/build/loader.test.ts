// The artifact's loader in place of Node's own: what it loads is made once, and what fails is made anew.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bundleLoader } from '#infra/build/bundle.ts'
import { toLoadable } from '#infra/build/to-loadable.ts'

let artifact: string

beforeEach(async () => {
  artifact = await mkdtemp(join(tmpdir(), 'startgate-loader-'))
  await bundleLoader(artifact)
  await writeFile(
    join(artifact, 'gate.cjs'),
    toLoadable(
      `exports['./gate.js'] = (require, module) => { module.exports = { later: () => require('./later.js') } }
       exports['./later.js'] = 'gate-later.cjs'`,
    ),
  )
})
afterEach(async () => await rm(artifact, { recursive: true }))

it('makes each module once', async () => {
  await writeLater(`module.exports = { made: {} }`)
  const { later } = run()

  expect(later().made).toBe(later().made)
})

it('loads a file again that could not be read', async () => {
  const { later } = run()

  expect(later).toThrow('ENOENT')
  expect(later).toThrow('ENOENT')
  await writeLater(`module.exports = { made: 'at last' }`)
  expect(later().made).toBe('at last')
})

it('makes a module again that failed', async () => {
  await writeLater(`
    exports.made = 'half of it'
    if ((tries += 1) < 3) throw new Error('not yet')
    exports.made = tries`)
  const { later } = run()

  expect(later).toThrow('not yet')
  expect(later).toThrow('not yet')
  expect(later().made).toBe(3)
})

it('gives an SDK the other packages of the artifact itself', async () => {
  const sdks = { '@alicloud/fc2': `exports.later = () => require('xml2js')`, xml2js: 'exports.made = {}' }
  for (const [name, code] of Object.entries(sdks)) {
    await mkdir(join(artifact, 'node_modules', name), { recursive: true })
    await writeFile(join(artifact, 'node_modules', name, 'sdk.js'), toLoadable(code))
  }
  const { load } = createRequire(join(artifact, 'gate.mjs'))('./load.cjs') as {
    load(file: string): { later?(): unknown }
  }

  expect(load('node_modules/@alicloud/fc2/sdk.js').later?.()).toBe(load('node_modules/xml2js/sdk.js'))
})

function run() {
  const loader = createRequire(join(artifact, 'gate.mjs'))('./load.cjs') as {
    run(name: string): { later(): { readonly made: unknown } }
  }
  return loader.run('gate')
}

async function writeLater(body: string): Promise<void> {
  const code = `let tries = 0; exports['./later.js'] = (require, module, exports) => {${body}}`
  await writeFile(join(artifact, 'gate-later.cjs'), toLoadable(code))
}
