import type { Command } from 'commander'
import { declare, type Cli } from '#lib/cli/command.ts'
import { followRequest } from '#lib/cli/follow-request.ts'
import { openSession, parseRequestId, type Flags } from '#lib/cli/session.ts'

export function addWatch(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'watch',
    summary: 'Follow a request until it has ended; the exit code says how',
    examples: ['watch req_00112233445566778899aabbccddeeff', 'watch req_00112233445566778899aabbccddeeff --json'],
    needs: 'gate',
  })
    .argument('<id>', 'the request')
    .action(async (text: string, flags: Flags) => {
      const id = parseRequestId(text)
      finish(await followRequest(await openSession(io, flags), id))
    })
}
