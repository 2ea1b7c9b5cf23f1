import type { Command } from 'commander'
import { resolvePlace } from '#core/alias.ts'
import type { Policy } from '#core/policy.ts'
import { accountIdSchema, regionIdSchema } from '#core/words.ts'
import * as z from '#core/zod.ts'
import { collect, declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, Failure, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { parseNotBefore } from '#lib/cli/not-before.ts'
import { DEFAULT_POLICY, readPolicy } from '#lib/cli/policy/read-policy.ts'
import { sayTags, sayYes, toList } from '#lib/cli/policy/say-rule.ts'
import { sayTime } from '#lib/cli/policy/say-time.ts'
import { findWho, type MayAsk, type MayNotAsk, type Wish } from '#lib/cli/policy/who.ts'
import type { Printer } from '#lib/cli/print.ts'
import { openSession, type Flags } from '#lib/cli/session.ts'

interface WhoFlags extends Flags {
  readonly instance: string
  readonly region?: string
  readonly account?: string
  readonly tag?: readonly string[]
  readonly at?: string
  readonly initLocalDisk?: boolean
  readonly policy: string
}

export function addPolicyWho(policy: Command, { io, finish }: Cli): void {
  declare(policy, {
    name: 'who',
    summary: 'Say who may ask that an instance be started, and whose yes is needed; ends with 1 when nobody may',
    examples: [
      'policy who --instance report-db --tag team=reporting',
      'policy who --instance i-bp67acfmxazb4p3ujhx1 --region cn-hangzhou --tag team=reporting',
      'policy who --instance report-db --tag team=reporting --at 2026-11-28T09:00:00+08:00 --json',
    ],
    needs: 'nothing',
  })
    .requiredOption('--instance <id>', 'the instance: its id, or an alias of the policy')
    .option('--region <region>', 'where it is (default: that of the alias, or of your deployment)')
    .option('--account <account>', 'whose it is (default: that of the alias, or of your deployment)')
    .option('--tag <key=value>', 'a tag that it has; repeatable', collect)
    .option('--init-local-disk', 'the local disks are to be wiped')
    .option('--at <time>', 'when it is asked, like 2026-11-23T18:00:00Z or +2h (default: now)')
    .option('--policy <file>', 'the policy file', DEFAULT_POLICY)
    .action(async (flags: WhoFlags) => finish(await who(io, flags)))
}

async function who(io: Io, flags: WhoFlags): Promise<ExitCode> {
  const { out, json, settings } = await openSession(io, { json: flags.json })
  const policy = await readPolicy(io, flags.policy)
  const wish = toWish(policy, flags, settings.audience)
  const at = flags.at === undefined ? io.now() : parseNotBefore(flags.at, io.now())
  const answers = findWho(policy, wish, at)
  if (json) out.json({ ...wish, at: new Date(at).toISOString(), answers: answers.map(toJson) })
  else print(out, policy, wish, at, answers)
  return answers.some(({ may }) => may) ? EXIT.good : EXIT.refused
}

function toWish(policy: Policy, flags: WhoFlags, audience: string | undefined): Wish {
  const { instance: instanceId, region, account, tag = [], initLocalDisk = false } = flags
  requireForm(regionIdSchema, region)
  requireForm(accountIdSchema, account)
  const place = resolvePlace(policy.aliases, { instanceId, regionId: region, accountId: account })
  if (place === undefined) {
    throw new Failure(EXIT.usage, `${instanceId} is no instance id, and no alias of the policy there.`, {
      next: [`There is ${Object.keys(policy.aliases).join(', ') || 'no alias'}.`],
    })
  }
  const [accountHere, regionHere] = (audience ?? '').split('/')
  const { regionId = regionHere, accountId = accountHere } = place
  return {
    instanceId: place.instanceId,
    regionId: requirePlace(policy, 'regions', regionId),
    accountId: requirePlace(policy, 'accounts', accountId),
    tags: Object.fromEntries(tag.map(parseTag)),
    initLocalDisk,
  }
}

function requireForm(schema: typeof regionIdSchema, given: string | undefined): void {
  const [issue] = z.optional(schema).safeParse(given).error?.issues ?? []
  if (issue !== undefined) throw new Failure(EXIT.usage, `${given} will not do: ${issue.message}.`)
}

/** Where no rule asks for it, it may stay unknown. */
function requirePlace(policy: Policy, what: 'regions' | 'accounts', given: string | undefined): string {
  if (given !== undefined && given !== '') return given
  if (policy.rules.every(({ instances }) => instances[what] === undefined)) return ''
  const option = what === 'regions' ? '--region' : '--account'
  throw new Failure(EXIT.usage, `The rules depend on ${what}, and none is given.`, {
    next: [`Pass ${option}, or set the deployment that you deal with: startgate configure --audience <audience>`],
  })
}

function parseTag(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new Failure(EXIT.usage, `${text} is no tag.`, { next: ['Give it like team=reporting.'] })
}

function print(out: Printer, policy: Policy, wish: Wish, at: number, answers: readonly (MayAsk | MayNotAsk)[]): void {
  const { instanceId, regionId, accountId, tags, initLocalDisk } = wish
  const place = [
    ...(regionId === '' ? [] : [`in ${regionId}`]),
    ...(accountId === '' ? [] : [`of account ${accountId}`]),
    Object.keys(tags).length === 0 ? 'without tags' : `with the tag ${sayTags(tags)}`,
    ...(initLocalDisk ? ['to be wiped'] : []),
  ]
  out.line({ style: 'bold', text: instanceId }, ` ${place.join(' ')}, asked for ${sayTime(policy, at)}`)
  const named = answers.map((answer) => ({ answer, name: sayAsker(answer) }))
  const width = Math.max(...named.map(({ name }) => name.length))
  for (const { answer, name } of named) {
    const word = answer.may ? ({ style: 'green', text: 'may ask    ' } as const) : 'may not ask'
    out.line('  ', name.padEnd(width), '  ', word, '  ', answer.may ? sayMay(policy, answer, at) : answer.why)
  }
}

function sayAsker({ principal, onBehalfOf }: MayAsk | MayNotAsk): string {
  return onBehalfOf === undefined ? principal : `${principal} for ${onBehalfOf}`
}

function sayMay(policy: Policy, { rule, able, opensAt, expiresAt }: MayAsk, at: number): string {
  const { name, approvals, approvers, oneOfEach = [], tool } = rule
  const unable = approvers.filter((approver) => !able.includes(approver))
  return [
    `rule ${name}: ${sayYes(approvals, approvers)}`,
    ...oneOfEach.map((each) => `one of them from ${each.group} (${each.approvers.join(', ')})`),
    ...(tool === 'own-tool' ? ['one with one’s own tool'] : []),
    ...(opensAt > at ? [`starts from ${sayTime(policy, opensAt)} on`] : []),
    `to be started before ${sayTime(policy, expiresAt)}`,
    ...(unable.length === 0 ? [] : [`${toList(unable, 'and')} cannot now, for want of a valid key`]),
  ].join('; ')
}

function toJson(answer: MayAsk | MayNotAsk): object {
  if (!answer.may) return answer
  const { opensAt, expiresAt, ...rest } = answer
  return { ...rest, opensAt: new Date(opensAt).toISOString(), expiresAt: new Date(expiresAt).toISOString() }
}
