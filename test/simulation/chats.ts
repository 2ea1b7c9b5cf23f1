// The chats of a town as one process sees them, and what must hold of them: no card twice, nothing that is not in the record,
// and in the end how each request ended.
import { hasRoom } from '#core/caps.ts'
import type { Card, ChatMessage } from '#core/card.ts'
import { toTarget, type Address } from '#core/chat.ts'
import { DURATIONS } from '#core/durations.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Proposal } from '#core/proposal.ts'
import type { RequestId } from '#core/request-id.ts'
import type { Row } from '#core/row.ts'
import type { State } from '#core/standing.ts'
import type { Chat, Posted } from '#ports/chat.ts'
import { CHATTERS, ROOM } from './policies.ts'
import { LostError, through } from './ports.ts'
import type { Process } from './scheduler.ts'
import type { Town } from './town.ts'

/** Feishu knows the keys of what was posted, slack does not. A call that goes wrong failed: this port never throws. */
export function chatOf(town: Town, process: Process): Chat {
  const { chat } = town
  const real: Chat = {
    async post(to, message, key) {
      const before = chat.messages.find((each) => each.to === toTarget(to) && each.key === key)
      if (to.platform === 'feishu' && before !== undefined) return { ok: true, id: before.id }
      const posted = await chat.post(to, message, key)
      if (posted.ok) town.judge.chats.shown({ process, to, id: posted.id, message, isNew: true })
      return posted
    },
    async edit(to, id, message) {
      const edited = await chat.edit(to, id, message)
      if (edited.ok) town.judge.chats.shown({ process, to, id, message, isNew: false })
      return edited
    },
  }
  const { post, edit } = through(town, process, 'chat', real, DURATIONS.deliverTimeout)
  const settle = async (call: Promise<Posted>): Promise<Posted> => {
    try {
      return await call
    } catch (error) {
      if (!(error instanceof LostError)) throw error
      return { ok: false, why: error.message }
    }
  }
  return {
    post: async (...args) => settle(post(...args)),
    async edit(...args) {
      const edited = await settle(edit(...args))
      if (!edited.ok) town.judge.chats.failed(process, args[1])
      return edited
    },
  }
}

interface Shown {
  readonly process: Process
  readonly to: Address
  readonly id: string
  readonly message: ChatMessage
  readonly isNew: boolean
}

export interface ChatJudge {
  shown(shown: Shown): void
  /** A message could not be changed, or nobody knows whether it was. */
  failed(process: Process, id: string): void
  put(row: Row): void
  atTheEnd(proposal: Proposal, state: State): void
}

export function createChatJudge(town: Town, fail: (what: string) => never): ChatJudge {
  /** When what was put there was first recorded, by request and target. */
  const recorded = new Map<string, number>()
  const touches = new Map<string, { readonly process: Process; readonly title?: string }[]>()
  const touch = (id: string, process: Process, title?: string): void => {
    const of = touches.get(id) ?? []
    touches.set(id, [...of, { process, ...(title === undefined ? {} : { title }) }])
  }
  const tame = (): boolean => !town.weather.hostile && town.weather.skew <= DURATIONS.clockSkew

  /** Whoever changed it last may have died, or failed, before it could see that somebody else had told too. */
  const isExcused = (id: string, title: string): boolean => {
    const of = touches.get(id) ?? []
    const first = of.findIndex((each) => each.title === title)
    return first >= 0 && of.slice(first).some((each) => each.title === undefined || isBroken(town, each.process))
  }

  return {
    shown({ process, to, id, message, isNew }) {
      const target = toTarget(to)
      if (message.kind === 'card') touch(id, process, message.card.title)
      if (!tame()) return
      const request =
        (message.kind === 'card' ? message.card.request : /req_[0-9a-f]{32}/.exec(message.text)?.[0]) ?? ''
      const key = message.kind === 'card' ? target : `${target}#reminder`
      const before = recorded.get(`${request} ${key}`)
      if (isNew && before !== undefined && before < process.startedAt)
        fail(`${key} was put a second message of ${request}, and the first one was recorded`)
      const { expiresAt } = town.asked.get(request as RequestId)?.proposal.request ?? { expiresAt: Infinity }
      const late = expiresAt + DURATIONS.functionTimeout + town.weather.skew
      // Changed, it reminds of nothing any more.
      if (isNew && message.kind === 'text' && town.scheduler.now() > late)
        fail(`${target} was reminded of ${request} too late`)
      if (message.kind === 'card')
        checkHeads(town, message.card, () => fail(`${target} was shown what is not in the record`))
    },
    failed: (process, id) => touch(id, process),
    put({ stream, type, body }) {
      if (type !== 'posted') return
      for (const [target, how] of Object.entries((body as { readonly to: Readonly<Record<string, string>> }).to)) {
        const key = `${stream} ${target}`
        if (how !== 'gave_up' && !recorded.has(key)) recorded.set(key, town.scheduler.now())
      }
    },
    atTheEnd(proposal, state) {
      const { id } = proposal.request
      const rows = town.asks.stream(id)
      const { [state]: title } = CHAT_WORDS.en.card.titles
      if (!hasRoom(rows, {}, 'telling')) return
      for (const target of targetsOf(proposal)) {
        const ids = rows.flatMap(({ type, body }) =>
          type === 'posted' ? [(body as { to: Record<string, string> }).to[target]] : [],
        )
        const cards = town.chat.messages.filter((each) => each.to === target && ids.includes(each.id))
        if (cards.length === 0) fail(`${target} has no card of ${id}`)
        for (const card of cards)
          if (card.shown.kind === 'card' && card.shown.card.title !== title && !isExcused(card.id, title))
            fail(`${target} is shown "${card.shown.card.title}" of ${id}, which is ${state}`)
      }
    },
  }
}

/** What takes long, or was settled by the port itself, is nobody's excuse. */
function isBroken({ bent }: Town, { name, state }: Process): boolean {
  const breaks = (line: string): boolean => line.startsWith(`${name} `) && !/: (stall|late|settled)$/.test(line)
  return state === 'dead' || bent.some(breaks)
}

function checkHeads(town: Town, { request, footer }: Card, miss: () => never): void {
  const rows = [...town.asks.stream(request), ...town.runs.rows()]
  for (const [, book, n, hash] of footer.matchAll(/(asks|runs):(\d+):([0-9a-f]{32})/g))
    if (!rows.some((row) => row.book === book && row.n === Number(n) && row.hash.startsWith(hash ?? 'none'))) miss()
}

function targetsOf({ request, rule }: Proposal): readonly string[] {
  const { principal, onBehalfOf } = request.requester
  const people = new Set([principal, onBehalfOf, ...rule.approvers])
  return [ROOM, ...[...people].flatMap((name) => CHATTERS[name ?? ''] ?? [])]
}
