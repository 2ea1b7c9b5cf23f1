// A sound policy file, which tests break in one place. Line 1 is its first line.
import { publicJwk } from '#support/keys.ts'

const key = (holder: 'alice' | 'bob' | 'carol'): string => {
  const { kty, crv, x } = publicJwk(holder) as Readonly<Record<string, string>>
  return `{ kty: ${kty}, crv: ${crv}, x: ${x} }`
}

export const POLICY_TEXT = `# Who may start what.
people:
  alice:
    keys:
      - ${key('alice')}
  bob:
    keys:
      - ${key('bob')}
  carol:
    keys:
      - ${key('carol')}
machines:
  deploy-bot:
    webhook: { v1: true }
    mayActFor: [alice]
receivers:
  ops-room: { url: https://ops.example.com/startgate }
mayRead: [carol]
rules:
  - name: reporting
    requesters: [alice, deploy-bot]
    instances:
      accounts: ['1234567890123456']
      tags: { team: data }
    approvals: 1
    approvers: [bob, carol]
    tool: any
    validFor: 2h
    tell: [ops-room]
`

/** The text with one part of it replaced; throws where it does not have that part exactly once. */
export function change(part: string, by: string): string {
  if (POLICY_TEXT.split(part).length !== 2) throw new Error(`the policy has not one ${part}`)
  return POLICY_TEXT.replace(part, () => by)
}
