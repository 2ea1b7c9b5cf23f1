// Somebody asks in a chat that an instance be started: by its id, an alias, or what it is called. An ask that is accepted
// needs no answer of its own: the card of the request follows, as it does wherever it was asked.
import type { ChatMessage } from '#core/card.ts'
import { toTarget, type ChatEvent } from '#core/chat.ts'
import type { Command } from '#core/command.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Candidate } from '#core/language/chat-words.ts'
import { isRefused } from '#core/refusal.ts'
import { findRule } from '#core/rule.ts'
import { instanceIdSchema, lineSchema, LONGEST_LINE } from '#core/words.ts'
import { ask, findAsked, type Asker } from './ask.ts'
import type { GateDeps } from './deps.ts'
import { sayRefusal, toText, type Hearing } from './hearing.ts'

type Said = Extract<ChatEvent, { kind: 'said' }>

export async function startByChat(
  deps: GateDeps,
  hearing: Hearing<Said>,
  { what, reason: written }: Extract<Command, { kind: 'start' }>,
): Promise<ChatMessage | undefined> {
  const reason = lineSchema.safeParse(written)
  const words = CHAT_WORDS[hearing.language]
  if (!reason.success) {
    return toText(words.badReason(written.length > LONGEST_LINE ? 'too_long' : 'not_plain', hearing.say))
  }
  const asker = toAsker(hearing)
  const isKnown = instanceIdSchema.safeParse(what).success || Object.hasOwn(deps.policy.aliases, what)
  const named = isKnown ? [] : await findNamed(deps, asker, what)
  if (named.length > 1) return toText(words.which(what, named, hearing.say))
  const instanceId = isKnown ? what : named[0]?.instanceId
  // The same whether there is one or not: what there is, and may not be started, is not for everybody.
  if (instanceId === undefined) return toText(words.noSuchName(what, deps.regionId))
  const wish = { instanceId, reason: reason.data, initLocalDisk: false, dryRun: false, notBefore: null }
  const asked = await ask(deps, asker, wish)
  return isRefused(asked) ? sayRefusal(hearing, asked.refusal) : undefined
}

/**
 * Those of this name that a rule lets this person ask for. ECS takes `*` for anything, so no name holds it. What this very
 * message has led to already stays what it meant, whatever has the name by now.
 */
async function findNamed(deps: GateDeps, asker: Asker, name: string): Promise<readonly Candidate[]> {
  const { policy, accountId, regionId } = deps
  const { principal } = asker
  const mayAsk = policy.rules.some(({ requesters }) => requesters.includes(principal))
  if (!mayAsk || name.includes('*') || name.length > LONGEST_NAME) return []
  const earlier = await findAsked(deps, asker)
  if (earlier !== undefined) {
    const { request, instance } = earlier.proposal
    return [{ ...instance, instanceId: request.instanceId }]
  }
  const found = await deps.looks.find(regionId, name)
  return found.filter((look) => findRule(policy, principal, { ...look, accountId }) !== undefined)
}

/** As ECS has it. */
const LONGEST_NAME = 128

/** A platform names each message once among all of an organisation, so a repeat of it is the same ask. */
function toAsker({ event: { by, id, where }, principal }: Hearing<Said>): Asker {
  return { principal, via: by.platform, key: `${by.platform}/${by.tenant}/${id}`, from: toTarget(where) }
}
