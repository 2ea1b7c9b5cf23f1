// The flows of a chat whose every call is failed: somebody asks in a group, and an approver taps Deny there. Who is answered
// that it was not taken says it again, as people do: in a new message.
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { RequestId } from '#core/request-id.ts'
import type { ChatPeer, Place, Shown, SignedCall } from '#infra/local/chat/peer.ts'
import type { Deployment } from './deployment.ts'
import { sayYes, takeBack, withoutHints, type Flow } from './fault-flows.ts'
import type { Played } from './play.ts'
import { GROUPS, userOf } from './team-chats.ts'

const GROUP: Place = { kind: 'group', id: GROUPS.slack }
/** Whoever is told of a request that alice asks for in the group. */
const PLACES: readonly Place[] = [GROUP, ...['alice', 'bob', 'carol'].map(alone)]
/** Nobody says a thing again sooner. By then it has been carried out, if only too late. */
const PAUSE = 1600

/** `slack`: the one workspace that all deployments are connected to. */
export function createChatFlows(slack: ChatPeer): readonly Flow[] {
  return [
    {
      name: 'ask in a chat',
      role: 'gate',
      kills: true,
      prepare: async (deployment, instanceId) => ({ act: async () => askInChat(deployment, slack, instanceId) }),
      made: findMade,
      finish: takeBack,
      findNever: findDoubled,
      findUnsaid: async (deployment, request) => findUntold(deployment, slack, request),
      ends: 'cancelled',
    },
    {
      name: 'deny in a chat',
      role: 'gate',
      kills: true,
      async prepare(deployment, instanceId) {
        const request = await askInChat(deployment, slack, instanceId)
        const { card, deny } = await deployment.until('there is a card to tap', () => findCard(slack, request))
        await withoutHints(deployment, async () => sayYes(deployment, request))
        const act = async () => {
          await insist(deployment, () => slack.tapped(userOf('slack', 'carol'), card, deny))
          return request
        }
        return { request, act }
      },
      findUnsaid: async (deployment, request) => [
        ...(await findUntold(deployment, slack, request)),
        ...(isAnswered(slack, 'carol', request) ? [] : ['whoever denied it was not answered']),
      ],
      ends: 'denied',
    },
  ]
}

function alone(name: string): Place {
  return { kind: 'person', id: userOf('slack', name) }
}

/** What was taken is there, whatever befell its work; of what was not, nobody can be sure. */
async function askInChat(deployment: Deployment, slack: ChatPeer, instanceId: string): Promise<Played> {
  const toReason = (time: number): string => `The monthly report is due, said ${time}`
  const times = await insist(deployment, (time) =>
    slack.said(userOf('slack', 'alice'), GROUP, `start ${instanceId} ${toReason(time)}`),
  )
  const request = findMade(deployment, instanceId).find(({ reason }) => reason === toReason(times))
  if (request === undefined) throw new Error(`${instanceId}: what was taken is lost`)
  return request
}

/** Each time it is said with another reason. */
function findDoubled(deployment: Deployment, { instanceId }: Played): readonly string[] {
  const reasons = findMade(deployment, instanceId).map(({ reason }) => reason)
  return new Set(reasons).size === reasons.length ? [] : ['what was said once was asked for twice']
}

/** Until it is taken, and then until it has been worked on. Returns how often it was said. */
async function insist({ url, functions, until }: Deployment, say: (time: number) => SignedCall): Promise<number> {
  let times = 0
  await until('what is said in a chat is taken', async () => {
    times += 1
    const saidAt = Date.now()
    const { path, headers, body } = say(times)
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers: { ...headers }, body })
    const text = await answer.text()
    if (answer.ok && !text.includes(CHAT_WORDS.en.notTaken)) return true
    await until('it is said again', () => Date.now() > saidAt + PAUSE || undefined)
    return undefined
  })
  await functions.idle()
  return times
}

/** All that were asked for. Read in the tables: no call of the gate may come in between. */
function findMade({ cloud }: Deployment, instanceId: string): readonly (Played & { readonly reason: string })[] {
  return cloud.tablestore.rows('asks').flatMap(({ attributes }) => {
    if (attributes['type'] !== 'requested') return []
    const { proposal, digest } = JSON.parse(String(attributes['body'])) as RequestedBody
    const { id, reason } = proposal.request
    return proposal.request.instanceId === instanceId ? [{ id, digest, instanceId, reason }] : []
  })
}

interface RequestedBody {
  readonly digest: string
  readonly proposal: {
    readonly request: { readonly id: RequestId; readonly instanceId: string; readonly reason: string }
  }
}

function cardsOf(slack: ChatPeer, { id: request }: Played, { kind, id }: Place): readonly Shown[] {
  const isOf = ({ where, buttons }: Shown): boolean =>
    where.kind === kind && where.id === id && JSON.stringify(buttons).includes(request)
  return slack.shown().filter(isOf)
}

function findCard(slack: ChatPeer, request: Played) {
  const [card] = cardsOf(slack, request, GROUP)
  const button = card?.buttons.find(({ kind }) => kind === 'tap')
  return card === undefined || button?.kind !== 'tap' ? undefined : { card, deny: button.value }
}

/** Everybody has one card, and it shows the end. */
async function findUntold(deployment: Deployment, slack: ChatPeer, request: Played): Promise<readonly string[]> {
  const { headline } = (await deployment.show(request.id)).view
  return PLACES.flatMap((place) => {
    const cards = cardsOf(slack, request, place)
    const isRight = cards.length === 1 && cards[0]?.text.includes(headline) === true
    return isRight ? [] : [`${place.id} has ${cards.length} cards: ${cards.map(({ text }) => text).join(' | ')}`]
  })
}

/** The same, however late and however often its work is repeated. */
function isAnswered(slack: ChatPeer, name: string, { id, instanceId }: Played): boolean {
  const answer = CHAT_WORDS.en.stopped(instanceId, id)
  return slack.shown().some(({ where, text }) => where.id === alone(name).id && text === answer)
}
