// Events and contexts as the platform makes them, and log lines of a handler under test.
import { readFileSync } from 'node:fs'
import { vi } from 'vitest'

export type EventFixture = Record<string, unknown>

export function readEvent(name: string): EventFixture {
  return JSON.parse(readFileSync(new URL(`events/${name}.json`, import.meta.url), 'utf8')) as EventFixture
}

export function toBytes(event: unknown): Buffer {
  return Buffer.from(JSON.stringify(event))
}

/** Made for tests; nothing of it may ever be seen in a log or an answer. */
export const SECRET_MARK = 'never-shown'

export const CONTEXT = {
  requestId: '1-67413f00-0a1b2c3d-4e5f60718293',
  credentials: {
    accessKeyId: `STS.${SECRET_MARK}`,
    accessKeySecret: `${SECRET_MARK}-key`,
    securityToken: `${SECRET_MARK}-session`,
  },
  function: { name: 'startgate-gate', handler: 'gate.handler', memory: 512, timeout: 120 },
  service: { name: '', logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
  region: 'cn-hangzhou',
  accountId: '1234567890123456',
  retryCount: 0,
}

export function timer(payload: unknown, triggerTime = '2026-11-23T09:00:00Z'): Buffer {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return toBytes({ triggerTime, triggerName: 'any', payload: text })
}

/** What is written to the console, where there is no log yet. */
export function watchConsole(): readonly string[] {
  const lines: string[] = []
  vi.spyOn(console, 'error').mockImplementation((line: unknown) => void lines.push(String(line)))
  return lines
}
