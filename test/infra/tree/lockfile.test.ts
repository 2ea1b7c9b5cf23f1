import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as z from '#core/zod.ts'
import { ROOT } from './lint.ts'

/** Put together here, so that this file does not name them either. */
const REGISTRIES = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'npmmirror', 'com'],
  ['registry', 'yarnpkg', 'com'],
  ['registry', 'npm', 'taobao', 'org'],
  ['npm', 'pkg', 'github', 'com'],
  ['npm', 'jsr', 'io'],
].map((labels) => labels.join('.'))

const lockSchema = z.object({ packages: z.record(z.string(), z.object({ resolved: z.optional(z.string()) })) })

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

function listTracked(): readonly string[] {
  return execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)))
}

describe('package-lock.json', () => {
  const { packages } = lockSchema.parse(JSON.parse(read('package-lock.json')))

  test('says nowhere where a package comes from, so that it installs through any registry', () => {
    expect(Object.entries(packages).filter(([, { resolved }]) => resolved?.startsWith('http'))).toEqual([])
  })

  test('stays that way: npm is told to leave it out', () => {
    expect(read('.npmrc').split('\n')).toContain('omit-lockfile-registry-resolved=true')
  })
})

describe.runIf(existsSync(join(ROOT, '.git')))('what is in git', () => {
  test('names no package registry', () => {
    const naming = listTracked().filter((path) => {
      const text = read(path)
      return REGISTRIES.some((host) => text.includes(host)) || /https?:\/\/\S+\/-\/\S+\.tgz/.test(text)
    })

    expect(naming).toEqual([])
  })

  test('has at its top only the folders and files that are agreed on', () => {
    const allowed =
      /^(?:(?:functions|lib|infra|test|\.ci)\/.*|s\.yaml|package(?:-lock)?\.json|tsconfig\.json|[A-Z]+\.md|demo\.svg|LICENSE|\.[^/]+)$/

    expect(listTracked().filter((path) => !allowed.test(path))).toEqual([])
  })
})
