import { expect, test } from 'vitest'
import { isLoopback, LOOPBACK_ORIGIN } from '#core/loopback.ts'

test.each(['localhost', '127.0.0.1', '127.1.20.255', '[::1]'])('%s is this very computer', (hostname) => {
  expect(isLoopback(hostname)).toBe(true)
  expect(LOOPBACK_ORIGIN.test(`http://${hostname}:8080`)).toBe(true)
})

test.each([
  '',
  '0.0.0.0',
  '127.0.0',
  '127.0.0.1.example.com',
  'a127.0.0.1',
  '127.a.b.c',
  '1270.0.1',
  '[::2]',
  'localhost.example.com',
  'my-localhost',
])('%j is not', (hostname) => {
  expect(isLoopback(hostname)).toBe(false)
  expect(LOOPBACK_ORIGIN.test(`http://${hostname}:8080`)).toBe(false)
})

test.each([
  'https://127.0.0.1:80',
  'http://127.0.0.1',
  'http://127.0.0.1:80/',
  'x http://127.0.0.1:80',
  'http://u@localhost:80',
])('the origin %s is none that plain http may go to', (origin) => {
  expect(LOOPBACK_ORIGIN.test(origin)).toBe(false)
})
