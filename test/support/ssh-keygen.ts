// OpenSSH's own tool, where it is installed.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { reportMissing } from './missing-tool.ts'

export const HAS_SSH_KEYGEN = spawnSync('ssh-keygen', ['-?']).error === undefined

if (!HAS_SSH_KEYGEN) {
  reportMissing(
    'ssh-keygen is not there (Debian, Ubuntu: apt-get install openssh-client); nothing is signed by the real tool in this run',
  )
}

export function makeSshKey(file: string, ...options: readonly string[]): string {
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', 'bob@example.com', '-f', file, ...options])
  return readFileSync(`${file}.pub`, 'utf8').trim()
}

export function signWith(file: string, namespace: string, message: string, ...options: readonly string[]): string {
  const args = ['-Y', 'sign', '-f', file, '-n', namespace, ...options]
  return execFileSync('ssh-keygen', args, { input: message, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })
}
