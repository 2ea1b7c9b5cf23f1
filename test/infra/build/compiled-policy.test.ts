// The policy as the build hands it to the functions, which do not judge it again.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { readPolicyFile } from '#adapters/policy-file/read-policy-file.ts'
import { sha256 } from '#core/digest.ts'
import { readPolicy as compilePolicy } from '#infra/build/policy.ts'
import { readPolicy } from '#lib/wire.ts'
import { armedDocument } from '#support/signers.ts'
import { teamDocument } from '#support/team.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** An artifact that holds the policy and nothing else. */
async function place(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'startgate-compiled-'))
  folders.push(folder)
  const file = join(folder, 'policy.yaml')
  await writeFile(file, text)
  const { compiled, marks } = await compilePolicy(file, { deploy: false })
  await writeFile(join(folder, 'policy.json'), compiled)
  await writeFile(join(folder, 'build.json'), JSON.stringify(marks))
  return { folder, artifact: pathToFileURL(`${folder}/`), compiled, marks }
}

describe('the compiled policy', () => {
  it.each([
    ['of the team', () => JSON.stringify(teamDocument())],
    ['with every kind of key', () => JSON.stringify(armedDocument())],
    ['that ships with the source', () => readFile('infra/policy.yaml', 'utf8')],
  ])('%s is what the parser makes of the file', async (_, read) => {
    const text = await read()
    const parsed = readPolicyFile(text)
    if (!parsed.ok) throw new Error('the policy is refused')
    expect(readPolicy((await place(text)).artifact)).toEqual(parsed.policy)
  })

  it('is refused when anybody has changed it since', async () => {
    const { folder, artifact, compiled } = await place(JSON.stringify(teamDocument()))
    const changed = compiled.replace('"approvals": 1', '"approvals": 0')
    expect(changed).not.toBe(compiled)
    await writeFile(join(folder, 'policy.json'), changed)
    expect(() => readPolicy(artifact)).toThrow('policy.json is refused: it is not what the build made of the policy')
  })

  it('is refused with the mark of another one, or none', async () => {
    const { folder, artifact, marks } = await place(JSON.stringify(teamDocument()))
    for (const build of [{ ...marks, policySha256: sha256('{}') }, { policyDigest: marks.policyDigest }]) {
      await writeFile(join(folder, 'build.json'), JSON.stringify(build))
      expect(() => readPolicy(artifact)).toThrow('build and deploy again')
    }
  })
})
