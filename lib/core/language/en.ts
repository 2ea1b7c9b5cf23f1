// What people read in English.
import { sayRequester, type Requester } from '#core/proposal.ts'
import { EN_ANSWERS, EN_DONE_BY, unheardInEnglish } from './en-answers.ts'
import type { Group, No, Words } from './words.ts'

/** What ECS means by these; whatever else it says is shown as it is. */
const CODES: ReadonlyMap<string, string> = new Map([
  ['PrePaid', 'subscription'],
  ['PostPaid', 'pay-as-you-go'],
  ['SpotWithPriceLimit', 'spot with a price limit'],
  ['SpotAsPriceGo', 'spot at the market price'],
  ['KeepCharging', 'still charged'],
  ['StopCharging', 'in economical mode, not charged'],
  ['Not-applicable', 'without economical mode'],
])
const HOWS: ReadonlyMap<string, string> = new Map([['gave_up', 'gave up']])
const VIAS: Readonly<Record<Requester['via'], string>> = {
  api: 'the API',
  webhook: 'a webhook',
  timer: 'a timer',
  dingtalk: 'DingTalk',
  feishu: 'Feishu',
  slack: 'Slack',
}
const STOOD_DOWN = {
  stopped: 'somebody had said no',
  too_slow: 'it had taken too long',
  unreadable: 'the record could not be read',
} as const

export const EN: Words = {
  facts: {
    labels: {
      instance: 'Instance',
      name: 'Name',
      where: 'Where',
      type: 'Type',
      charge: 'Charged',
      status: 'When asked',
      requester: 'Asked by',
      via: 'Through',
      reason: 'Reason',
      rule: 'Rule',
      not_before: 'Not before',
      expires: 'Valid until',
      dry_run: 'Dry run',
    },
    where: (zone, regionId, accountId) => `${zone}, ${regionId}, account ${accountId}`,
    charge: (chargeType) => chargeType.split(' ').map(sayCode).join(', '),
    status: ({ status, stoppedMode }) => `${status}, ${sayCode(stoppedMode)}`,
    requester: sayRequester,
    via: (via) => VIAS[via],
    rule: ({ name, approvals, approvers, oneOfEach, tool }) => {
      const groups = oneOfEach === undefined ? '' : `, with ${sayGroups(oneOfEach)}`
      const own = tool === 'own-tool' ? ', one with a tool of one’s own' : ''
      return `${name}: ${approvals} of ${approvers.join(', ')}${groups}${own}`
    },
    dryRun: 'yes: nothing is started',
  },
  warnings: {
    init_local_disk: 'All data on the local disks of this instance will be destroyed.',
    economical_mode:
      'It was stopped in economical mode: there may be no capacity for it now, and a public IP address that is not an EIP may change.',
    spot: 'It is a spot instance: it may cost more than before, and may be released again.',
    running_now: (status) => `It was ${status} when this was asked: it will be started only if it is stopped by then.`,
    not_stopped: (status) => `It was ${status} when this was asked: the start waits until it is stopped.`,
    closed_now: (from) =>
      from === undefined
        ? 'The rule’s hours allow no start before this request expires: a yes would start nothing.'
        : `The rule’s hours allow no start before ${from}.`,
    unreadable: (n, flaw) => `Entry ${n} of this request cannot be relied on (${flaw}); nothing will be started on it.`,
  },
  flaws: {
    broken_chain: 'the chain of hashes is broken here',
    unknown_row: 'this version cannot read it',
    too_many: 'more entries than a request may hold',
    no_request: 'the first row is not a request that fits its own digest and id',
  },
  states: {
    pending: (missing, approvers, groups, ownTool) => {
      const tool = ownTool ? ['a yes in a terminal, with a tool of one’s own'] : []
      const still = [...(groups.length === 0 ? [] : [sayGroups(groups)]), ...tool].join(' and ')
      if (missing === 0) return `Waiting for ${still}.`
      const people = `Waiting for ${missing} more approval${missing === 1 ? '' : 's'} from ${approvers.join(', ')}`
      return still === '' ? `${people}.` : `${people}; still needed: ${still}.`
    },
    ready: 'Approved; the starter takes it up next.',
    waiting: (from) => `Approved; it will be started at ${from}.`,
    again: (says, from) => `${says} Trying again at ${from}.`,
    waitingInVain:
      'Approved, but it may not be started before it expires. Nothing will be started; ask again for a later time.',
    expiring: 'The time for deciding is over; making sure that nothing is under way.',
    stopping: 'Somebody said no; checking whether a start was already under way.',
    accepted: 'The start was accepted; waiting until the instance runs.',
    sending: 'A start is being sent or looked into.',
    running: 'The instance runs.',
    seen: (status) =>
      `The answer to the start was lost, but the instance was seen ${status} afterwards: it was started.`,
    satisfied: 'It was running already; nothing had to be started.',
    denied: (no) => `Denied${sayNo(no)}. Nothing was started.`,
    cancelled: (no) => `Cancelled${sayNo(no)}. Nothing was started.`,
    expired:
      'Not enough approvals in time, or no start could be made. Nothing was started; ask again if it is still needed.',
  },
  events: {
    actors: { gate: 'the gate', starter: 'the starter' },
    requested: (reason, dryRun) => `asked for ${dryRun ? 'a dry run' : 'a start'}: “${reason}”.`,
    approved: (reason) => `approved it${sayQuoted(reason)}.`,
    denied: (reason, chat) => `denied it${sayIn(chat)}${sayQuoted(reason)}.`,
    cancelled: (reason, chat) => `cancelled it${sayIn(chat)}${sayQuoted(reason)}.`,
    stopped: 'made sure that nothing was under way.',
    posted: (to) => `sent word to ${to.map(([target, how]) => `${target} (${HOWS.get(how) ?? how})`).join(', ')}.`,
    attempted: (dryRun) => `set out to call StartInstance${dryRun ? ' as a dry run' : ''}.`,
    accepted: (requestId) => `heard from ECS that StartInstance is accepted (request ${requestId}).`,
    refused: (code, says) => `recorded a refusal (${code}). ${says}`,
    unclear: (code) => `got no clear answer (${code}) and looks at the instance.`,
    stood_down: (why) => `stood down and sent nothing: ${STOOD_DOWN[why]}.`,
    running: (status, inferred) =>
      inferred ? `got no clear answer, but saw the instance ${status}.` : `saw the instance ${status}.`,
    failed: (answer) => `recorded that the start failed. ${answer}`,
    stuck: (answer) => `cannot say what became of the start. ${answer}`,
    satisfied: (status) => `saw that the instance was ${status} already.`,
  },
  answers: EN_ANSWERS,
  unheard: unheardInEnglish,
  answer: ({ says, cure }, detail, doneBy) => {
    const said = detail === undefined ? says : says.replace(/\.$/, ` (${detail}).`)
    return [said, cure, doneBy].filter((sentence) => sentence !== '').join(' ')
  },
  doneBy: EN_DONE_BY,
}

function sayCode(code: string): string {
  const meaning = CODES.get(code)
  return meaning === undefined ? code : `${meaning} (${code})`
}

function sayGroups(groups: readonly Group[]): string {
  return groups.map(({ group, approvers }) => `one of ${group} (${approvers.join(', ')})`).join(' and ')
}

function sayNo(no: No | undefined): string {
  return no === undefined ? '' : ` by ${no.by}${sayReason(no.reason)}`
}

function sayReason(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`
}

function sayIn(chat: string | undefined): string {
  return chat === undefined ? '' : ` in ${chat}`
}

function sayQuoted(reason: string | undefined): string {
  return reason === undefined ? '' : `: “${reason}”`
}
