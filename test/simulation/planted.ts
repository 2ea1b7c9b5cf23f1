// Faults planted on purpose, as edits of the source: each must be found, or the simulation proves nothing.

import type { Weather } from './faults.ts'

export interface Planted {
  readonly name: string
  /** Where it shows soonest. */
  readonly weather: Partial<Weather>
  /** Where it does not show soon: the first history worth playing. Default: 1. */
  readonly from?: number
  readonly edits: readonly { readonly file: string; readonly from: string; readonly to: string }[]
}

const edit = (file: string, from: string, to: string) => ({ file, from, to })

export const PLANTED: readonly Planted[] = [
  {
    name: 'the second reading of asks is left out',
    weather: { hostile: false, hints: 'kept' },
    edits: [
      edit(
        'lib/flow/start.ts',
        'const again = await readAgain(deps, id)\n  const late',
        'const again = asks\n  const late',
      ),
    ],
  },
  {
    name: 'a request leaves the open set when it is final and not told',
    weather: {},
    edits: [edit('lib/flow/tell.ts', 'if (told === untold.length || over) {', 'if (told >= 0) {')],
  },
  {
    name: 'an unclear start is sent again',
    weather: { starts: 'rough', hostile: false, newer: false },
    edits: [
      edit(
        'lib/flow/put-answer.ts',
        "case 'no_answer':\n      return putRun(deps, digest, runs, {\n        type: 'unclear',\n        body: { answer: { code: 'NoAnswer', detail: answer.detail }, next: LOOK },\n      })",
        "case 'no_answer':\n      return putCode(deps, digest, proposal, runs, { code: 'NotSent', detail: answer.detail })",
      ),
    ],
  },
  {
    name: 'the latest vote wins',
    weather: { hostile: false },
    edits: [
      edit(
        'lib/flow/decide.ts',
        "if (asks.no !== undefined) return refuse({ reason: 'already_final', state: asks.no.kind })\n",
        '',
      ),
      edit(
        'lib/core/asks.ts',
        "const no = rows.find((row) => row.type === 'denied' || row.type === 'cancelled')",
        "const votes = rows.filter(({ type }) => ['approved', 'denied', 'cancelled'].includes(type))\n  const no = votes.at(-1)?.type === 'approved' ? undefined : votes.at(-1)",
      ),
    ],
  },
  {
    name: 'the starter trusts what the gate has let pass',
    weather: { hostile: true },
    edits: [
      edit(
        'lib/flow/start.ts',
        "if ('signed' in verified && flaw === undefined) votes.push(verified.signed)",
        "if ('signed' in verified) votes.push(verified.signed)",
      ),
    ],
  },
  {
    name: 'a row is recognised as mine by its content',
    weather: { perMille: 200, faults: ['settled'], hands: false },
    edits: [
      edit(
        'test/support/memory/book.ts',
        "return there.id === id ? 'mine' : 'taken'",
        "return id !== '' ? 'mine' : 'taken'",
      ),
    ],
  },
  {
    name: 'the starter returns before its call has settled',
    from: 320,
    weather: { starts: 'rough', hostile: false, newer: false, perMille: 0, skew: 0 },
    edits: [edit('lib/flow/start.ts', "  return 'unsettled'\n", "  return 'done'\n")],
  },
  {
    name: 'expiry is not asked again after the look',
    weather: { skew: 0, hostile: false, newer: false },
    edits: [edit('lib/flow/start.ts', 'if (now >= expiresAt || stillCount.length', 'if (stillCount.length')],
  },
  {
    name: 'expiry is told without the grace',
    weather: { hostile: false, newer: false },
    edits: [
      edit(
        'lib/core/standing.ts',
        'const expiredAt = expiresAt + durations.expiryGrace',
        'const expiredAt = expiresAt + 0 * durations.expiryGrace',
      ),
    ],
  },
  {
    name: 'attempted is put after the call',
    weather: {},
    edits: [
      edit(
        'lib/flow/start.ts',
        'const attempted = await putRun(deps, digest, runs, {',
        'await deps.starts.start({ ...target, initLocalDisk })\n  const attempted = await putRun(deps, digest, runs, {',
      ),
    ],
  },
  {
    name: 'an unknown code is tried again',
    from: 600,
    weather: { starts: 'rough', newer: false, hands: false },
    edits: [edit('lib/core/catalogue.ts', ": entry(code, 'ended',", ": entry(code, 'again_soon',")],
  },
  {
    name: 'the second page of asks is not read',
    weather: {},
    edits: [edit('test/support/memory/book.ts', 'more = page.length === pageRows', 'more = false')],
  },
  {
    name: 'a wipe of local disks ends as satisfied',
    weather: { hands: true, hostile: false, newer: false, perMille: 0 },
    edits: [
      edit(
        'lib/core/ready.ts',
        "return initLocalDisk ? never('AlreadyRunning', look.status) : { ready: 'satisfied', status: look.status }",
        "return { ready: 'satisfied', status: look.status }",
      ),
    ],
  },
  {
    name: 'iat is judged by the clock of the gate',
    weather: { hostile: true, skew: 0, perMille: 0 },
    edits: [
      edit(
        'lib/flow/start.ts',
        'for (const { n, evidence } of asks.approvals) {',
        'for (const { n, evidence } of asks.approvals) {\n    const at = asks.rows[n - 1]?.at ?? 0',
      ),
      edit(
        'lib/flow/start.ts',
        "decision: 'approve', audience, now: deps.clock.now(), durations })",
        "decision: 'approve', audience, now: at, durations })",
      ),
    ],
  },
  {
    name: 'a hint says what is to be started',
    from: 640,
    weather: { hostile: true, hands: false, redeploys: false, newer: false, perMille: 0, skew: 0, starts: 'smooth' },
    edits: [
      edit(
        'lib/flow/start.ts',
        'const asks = parseAsks(await deps.asks.read(request))\n  if (asks.digest',
        "const [id = request, other] = request.split('~')\n  const asks = parseAsks(await deps.asks.read(id))\n  if (other !== undefined && asks.proposal) asks.proposal.request.instanceId = other\n  if (asks.digest",
      ),
    ],
  },
  {
    name: 'the open set is raised after the approval was put',
    weather: {
      hands: false,
      hints: 'lost',
      skew: 0,
      hostile: false,
      newer: false,
      redeploys: false,
      perMille: 120,
      faults: ['crash_before', 'crash_after'],
    },
    edits: [
      edit(
        'lib/flow/decide.ts',
        "  if (!(await deps.open.raise(toOpenEntry(proposal, 'start')))) return refuseFinal(deps, asks)\n",
        '',
      ),
      edit(
        'lib/flow/decide.ts',
        "if (after === 'taken') return approve(deps, request, evidence)\n",
        "if (after === 'taken') return approve(deps, request, evidence)\n  if (!(await deps.open.raise(toOpenEntry(proposal, 'start')))) return refuseFinal(deps, asks)\n",
      ),
    ],
  },
  {
    name: 'a telling is recorded before it was sent',
    weather: {},
    edits: [
      edit(
        'lib/flow/tell-all.ts',
        '  const [told, reminders] = await Promise.all([\n',
        "  const all = Object.fromEntries(targets.map((target) => [target, 'delivered']))\n  await putPosted(deps, loaded, { upto: news.upto, state: news.state, to: all }, [])\n  const [told, reminders] = await Promise.all([\n",
      ),
    ],
  },
  {
    name: 'a card is put anew with each news',
    weather: { hostile: false, skew: 0 },
    edits: [
      edit('lib/flow/show-card.ts', 'if (edited.ok || edited.gone !== true) return', 'if (ids.length > 99) return'),
    ],
  },
  {
    name: 'a card that was found under its key stays as it was',
    weather: { hostile: false, skew: 0, newer: false, perMille: 120 },
    edits: [edit('lib/flow/show-card.ts', 'if (first || !posted.ok) return', 'if (first || posted) return')],
  },
  {
    name: 'of two that tell at once the older may have the last word',
    from: 550,
    weather: { hostile: false, skew: 0, newer: false, perMille: 0, hints: 'kept' },
    edits: [
      edit(
        'lib/flow/tell-all.ts',
        'if (countPosted(fresh) === countPosted(loaded) || (await showAgain',
        'if (countPosted(fresh) > 0 || (await showAgain',
      ),
    ],
  },
  {
    name: 'whoever was reminded is reminded again',
    weather: { hostile: false, skew: 0 },
    edits: [edit('lib/core/reminder.ts', ' && !wasReminded(asks, toReminder(toTarget(address)))', '')],
  },
]
