// Every command against the gate's real app over a deployment in memory: both sides mean the same by the same bytes.
import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { kidOf } from '#support/keys.ts'
import { teamDocument } from '#support/team.ts'
import { INSTANCE } from '#support/world.ts'
import { ASK, createPlay, type Play } from './play.ts'
import { useTerminal, type Ran } from './terminal.ts'

const terminal = useTerminal()
/** Fetches the receipt and judges it by the policy of the team. */
async function verify({ run }: Play, id: string): Promise<Ran> {
  await writeFile(terminal.file('policy.yaml'), stringify(teamDocument(), { aliasDuplicateObjects: false }))
  const receipt = await run('carol', ['receipt', id])
  return run('carol', ['verify', '-', '--policy', terminal.file('policy.yaml')], receipt.out)
}

describe('with the real gate', () => {
  it('a start is asked for, approved, followed to its end, and verified', async () => {
    const play = createPlay(terminal)
    const { id, digest } = await play.ask()
    const approval = await play.run('bob', ['approve', id, '--yes', '--expect', digest, '--watch'])
    const verified = await verify(play, id)

    expect(approval.err).toBe('')
    expect(approval).toMatchObject({ code: 0, out: expect.stringContaining('running  The instance runs.') })
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('VERIFIED  Outcome: running.') })
    expect(verified.out).not.toMatch(/WRONG|note/)
    expect((await play.run('bob', ['show', id])).out).toContain('running')
  })

  it('an ask is repeated with its key, and the key does not serve for another', async () => {
    const play = createPlay(terminal)
    const first = await play.ask('--idempotency-key', 'monthly')

    expect((await play.ask('--idempotency-key', 'monthly')).id).toBe(first.id)
    expect(await play.run('alice', [...ASK, '--dry-run', '--idempotency-key', 'monthly'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('Idempotency key reused'),
    })
  })

  it('a denial stops it for good, and the receipt proves it', async () => {
    const play = createPlay(terminal)
    const { id } = await play.ask()

    expect((await play.run('bob', ['deny', id, '--reason', 'Not today'])).code).toBe(0)
    expect(await play.run('bob', ['watch', id])).toMatchObject({ code: 1, out: expect.stringContaining('denied') })
    expect((await play.run('bob', ['approve', id, '--yes'])).code).toBe(1)
    expect((await verify(play, id)).code).toBe(0)
  })

  it('the requester cancels, others may not', async () => {
    const play = createPlay(terminal)
    const { id } = await play.ask('--not-before', '+1h')

    expect((await play.run('carol', ['cancel', id])).err).toContain('May not cancel')
    expect(await play.run('alice', ['cancel', id, '--reason', 'Found another'])).toMatchObject({ code: 0 })
    expect((await verify(play, id)).out).toContain('Outcome: cancelled')
  })

  it('who signs with the key of another is told which key it was', async () => {
    const play = createPlay(terminal)
    const { id } = await play.ask()
    const wrong = ['--key', terminal.file('carol.json')]
    const signed = `It was signed as bob with key ${kidOf('carol')} of ${terminal.file('carol.json')}.`

    for (const args of [
      ['approve', id, '--yes'],
      ['deny', id, '--reason', 'No'],
      ['cancel', id],
    ])
      expect(await play.run('bob', [...args, ...wrong])).toMatchObject({
        code: 1,
        err: expect.stringContaining(signed),
      })
  })

  it('who may read lists the day, others may not', async () => {
    const play = createPlay(terminal)
    const { id } = await play.ask()

    expect((await play.run('carol', ['list'])).out).toMatch(
      new RegExp(`^pending +${INSTANCE} +alice +\\d\\d:\\d\\d +${id}$`, 'm'),
    )
    expect(await play.run('bob', ['list'])).toMatchObject({ code: 1, err: expect.stringContaining('mayRead') })
  })

  it('nobody approves in time', async () => {
    const play = createPlay(terminal)
    const { id } = await play.ask()
    const { code, out } = await play.run('alice', ['watch', id])

    expect(code).toBe(1)
    expect(out).toContain('expired')
    expect((await verify(play, id)).out).toContain('Outcome: expired')
  })

  it('a start that has no capacity is tried again, and its receipt is sound', async () => {
    const play = createPlay(terminal)
    const answer = { code: 'OperationDenied.NoStock', status: 403 }
    play.world.instances.planStart(INSTANCE, { answer: { kind: 'answered', answer } })
    const { id } = await play.ask()

    expect(await play.run('bob', ['approve', id, '--yes', '--watch'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('NoStock'),
    })
    expect((await verify(play, id)).out).toContain('Outcome: running')
  })
})
