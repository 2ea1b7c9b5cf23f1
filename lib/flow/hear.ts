// What people do in a chat. They can ask, look and stop there; a yes is signed on the page or with a tool of one's own. The
// platform answers for who it was, so nothing here is more than its word. An event may come twice: what it leads to is
// recorded once, and its answer is posted under the same key.
import type { ChatMessage } from '#core/card.ts'
import { findChatPrincipal, toIdentity, toPrivate, type ChatEvent } from '#core/chat.ts'
import { parseCommand, type Command } from '#core/command.ts'
import { digestOf } from '#core/digest.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import { lineSchema, type Platform } from '#core/words.ts'
import { cancel, denyByChat } from './decide.ts'
import type { GateDeps } from './deps.ts'
import { listOpen } from './hear-list.ts'
import { showByChat } from './hear-show.ts'
import { startByChat } from './hear-start.ts'
import { sayStopped, toText, type Hearing } from './hearing.ts'

type Said = Extract<ChatEvent, { kind: 'said' }>

/** Throws when the answer could not be posted, after everything else was done: then the event may come again. */
export async function hear(deps: GateDeps, event: ChatEvent): Promise<void> {
  const answer = await respond(deps, event)
  if (answer === undefined) return
  const posted = await deps.chat.post(toPrivate(event.by), answer, toPostingKey(event))
  if (!posted.ok) throw new Error(`the answer could not be posted on ${event.by.platform}: ${posted.why}`)
}

async function respond(deps: GateDeps, event: ChatEvent): Promise<ChatMessage | undefined> {
  const { policy, log } = deps
  const { by, kind } = event
  const principal = findChatPrincipal(policy, by)
  const ofTheCards = policy.chats[by.platform]?.language ?? 'en'
  const about = event.kind === 'tapped' ? { request: event.request } : {}
  log.info('chat.heard', { kind, ...about, by: toIdentity(by), principal: principal ?? null })
  if (principal === undefined) return toText(CHAT_WORDS[ofTheCards].unknownPerson(toIdentity(by)))
  if (event.kind === 'tapped') {
    const hearing = { event, principal, language: ofTheCards }
    return sayStopped(hearing, event.request, await denyByChat(deps, event.request, principal, toIdentity(by)))
  }
  const { language, command } = parseCommand(event.text)
  return obey(deps, { event, principal, language }, command)
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
      return sayStopped(hearing, command.request, await cancel(deps, command.request, hearing.principal, reason))
    }
    case 'help':
      return toText(words.help(COMMANDS[hearing.event.by.platform]))
    case 'unclear':
      return toText(words.unclear(command.problem, command.word))
  }
}

/** On Slack people speak to it by a command; elsewhere it is a robot that they write to. */
const COMMANDS: Readonly<Record<Platform, string>> = { dingtalk: '', feishu: '', slack: '/startgate' }

/** The same for every repeat of this event, and of no other. */
function toPostingKey({ by, id }: ChatEvent): string {
  return digestOf('startgate-chat-answer/v1', { by, id })
}
