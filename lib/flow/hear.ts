// What people do in a chat. They can ask, look and stop there; a yes is signed on the page or with a tool of one's own. The
// platform answers for who it was, so nothing here is more than its word. An event may come twice: what it leads to is
// recorded once, and its answer is posted under the same key.
import type { ChatMessage } from '#core/card.ts'
import { findChatPrincipal, toIdentity, toPrivate, type Address, type ChatEvent } from '#core/chat.ts'
import { parseCommand, type Command } from '#core/command.ts'
import { digestOf } from '#core/digest.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Say } from '#core/language/chat-words.ts'
import { lineSchema, type Platform } from '#core/words.ts'
import { cancel, denyByChat } from './decide.ts'
import type { GateDeps } from './deps.ts'
import { listOpen } from './hear-list.ts'
import { showByChat } from './hear-show.ts'
import { startByChat } from './hear-start.ts'
import { sayStopped, toText, type Hearing } from './hearing.ts'

type Said = Extract<ChatEvent, { kind: 'said' }>

/** Throws when the work failed, or when its answer could not be posted afterwards: then the event comes again. */
export async function hear(deps: GateDeps, event: ChatEvent): Promise<void> {
  const { by, kind } = event
  const principal = findChatPrincipal(deps.policy, by)
  const about = event.kind === 'tapped' ? { request: event.request } : {}
  deps.log.info('chat.heard', { kind, ...about, by: toIdentity(by), principal: principal ?? null })
  // Whoever could forge a tap would otherwise make the robot write to anybody.
  if (principal === undefined && kind === 'tapped') return
  const answer = await respond(deps, event, principal)
  if (answer === undefined) return
  const posted = await deps.chat.post(toPrivate(by), answer, toPostingKey('startgate-chat-answer/v1', event))
  if (!posted.ok) throw new Error(`the answer could not be posted on ${by.platform}: ${posted.why}`)
}

async function respond(
  deps: GateDeps,
  event: ChatEvent,
  principal: string | undefined,
): Promise<ChatMessage | undefined> {
  const { by } = event
  const ofTheCards = deps.policy.chats[by.platform]?.language ?? 'en'
  const language = (event.kind === 'said' ? parseCommand(event.text).language : undefined) ?? ofTheCards
  const words = CHAT_WORDS[language]
  if (principal === undefined) return toText(words.unknownPerson(toIdentity(by)))
  const hearing = { principal, language, say: SAYS[by.platform] }
  try {
    if (event.kind === 'said') return await obey(deps, { ...hearing, event }, parseCommand(event.text).command)
    const denied = await denyByChat(deps, event.request, principal, toIdentity(by))
    return sayStopped({ ...hearing, event }, denied)
  } catch (error) {
    // Whoever waits for an answer hears that there may be none; whether that arrives changes nothing.
    await deps.chat.post(toPrivate(by), toText(words.delayed), toPostingKey('startgate-chat-delay/v1', event))
    throw error
  }
}

async function obey(deps: GateDeps, hearing: Hearing<Said>, command: Command): Promise<ChatMessage | undefined> {
  const words = CHAT_WORDS[hearing.language]
  switch (command.kind) {
    case 'start':
      return startByChat(deps, hearing, command)
    case 'list':
      return listOpen(deps, hearing)
    case 'show':
      return showByChat(deps, hearing, command.request)
    case 'cancel': {
      // What cannot be recorded is left out: stopping needs no reason.
      const reason = lineSchema.safeParse(command.reason).data
      const chat = toIdentity(hearing.event.by)
      return sayStopped(hearing, await cancel(deps, command.request, hearing.principal, reason, chat))
    }
    case 'help':
      return toText(words.help(hearing.say, nameGroup(hearing.event.where)))
    case 'unclear':
      return toText(words.unclear(command.problem, command.word, hearing.say))
  }
}

const plainly: Say = (line) => line
/** On Slack people speak to it by a command; elsewhere it is a robot that they write to. */
const SAYS: Readonly<Record<Platform, Say>> = {
  dingtalk: plainly,
  feishu: plainly,
  slack: (line) => `/startgate ${line}`,
}

/** As a receiver of the policy does. */
function nameGroup({ platform, kind, id }: Address): string | undefined {
  return kind === 'group' ? `${platform}/${id}` : undefined
}

/** The same for every repeat of this event, and of no other. */
function toPostingKey(kind: 'startgate-chat-answer/v1' | 'startgate-chat-delay/v1', { by, id }: ChatEvent): string {
  return digestOf(kind, { by, id })
}
