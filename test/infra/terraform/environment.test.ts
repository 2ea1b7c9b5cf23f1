// What s.yaml reads from the environment, against what Terraform prints: the rest is secret, and stays out of Terraform.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keysIn, parseHcl, readText } from './files.ts'

const service = readFileSync(new URL('../../../s.yaml', import.meta.url), 'utf8')
const { variable, locals, data, resource, output } = await parseHcl(readText())

/** Those of commented lines too: they are what somebody may need. */
const read = new Set([...service.matchAll(/\$\{env\('(\w+)'\)\}/g)].map(([, name = '']) => name))
const printed = Object.keys(locals.find((each) => 'environment' in each)?.['environment'] ?? {})

const isSecret = (name: string) => /(^|_)(secret|key|token|password|credentials?)(_|$)/i.test(name)

test('everything that s.yaml reads is printed, or is secret', () => {
  expect([...read].filter((name) => !printed.includes(name) && !isSecret(name))).toEqual([])
})

test('everything that is printed is read, and nothing of it is secret', () => {
  expect(printed.filter((name) => !read.has(name))).toEqual([])
  expect(printed.filter(isSecret)).toEqual([])
})

test('it is printed a line each, and nothing else is', () => {
  expect(Object.keys(output)).toEqual(['environment'])
  expect(output['environment']).toEqual({
    description: expect.stringContaining('terraform output -raw environment'),
    value: '${join("", [for name, value in local.environment : "${name}=${value}\\n" if value != null])}',
  })
})

test('nothing secret comes into the state: no variable is, no attribute wants one, no source brings one', () => {
  expect(Object.keys(variable).filter(isSecret)).toEqual([])
  expect(Object.values(variable).filter((each) => 'sensitive' in each)).toEqual([])
  // The keys of tables, and the characters at which log lines are split.
  const harmless = ['primary_key', 'token']
  expect(keysIn([resource, data]).filter((key) => isSecret(key) && !harmless.includes(key))).toEqual([])
  expect(Object.keys(data).toSorted()).toEqual(['alicloud_account', 'alicloud_fc_zones'])
})
