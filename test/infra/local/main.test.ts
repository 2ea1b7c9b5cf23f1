import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../../../infra/local/main.ts', import.meta.url))

test('the process says where it listens, logs each call, and ends when it is told to', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--instance', 'i-1'])
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout.setEncoding('utf8')
  for await (const text of child.stdout) {
    output += String(text)
    if (output.includes('Ctrl-C')) break
  }
  const control = /Control API +(\S+)/.exec(output)?.[1] ?? ''

  const answer: unknown = await (await fetch(`${control}/instances`)).json()
  child.kill('SIGINT')
  const [code] = (await once(child, 'exit')) as [number | null]

  expect(output).toMatch(/ots +CreateTable +operator +200 .*asks/)
  expect(answer).toEqual([
    expect.objectContaining({ definition: expect.objectContaining({ id: 'i-1', tags: { startgate: 'allowed' } }) }),
  ])
  expect(code).toBe(0)
})
