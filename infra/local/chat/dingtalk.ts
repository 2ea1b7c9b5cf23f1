// The local DingTalk: the part of its API that the gate calls, with its codes, and what people have on their screens.
import { randomUUID } from 'node:crypto'
import { parseJson } from '#core/json.ts'
import * as z from '#core/zod.ts'
import { signClick, signMessage, toSaid, type DingtalkApp } from './dingtalk-calls.ts'
import { showCard } from './dingtalk-card.ts'
import type { ChatPeer, PeerAnswer, PeerCall, Place, Shown } from './peer.ts'

export interface DingtalkPeerOptions extends DingtalkApp {
  /** The id of the published template, and the `callbackRouteKey` under which the callback is registered. */
  readonly template: string
  readonly route: string
  /** `cid…==`: the groups that the robot was added to. */
  readonly groups: readonly string[]
  /** Epoch ms; default: the clock of this computer. */
  readonly now?: () => number
}

export interface DingtalkPeer extends ChatPeer {
  /** All tokens given out so far are worth nothing from now on. */
  revokeTokens(): void
}

interface Card {
  readonly values: Readonly<Record<string, string>>
  /** Undefined: it was made, and delivered to nobody. */
  readonly where: Place | undefined
  readonly edits: number
}

const TOKEN_LIVES = 2 * 60 * 60 * 1000
const LONGEST_VALUES = 15_000

const tokenRequestSchema = z.strictObject({ appKey: z.string(), appSecret: z.string() })
const cardDataSchema = z.strictObject({ cardParamMap: z.record(z.string(), z.string()) })
const spaceSchema = z.strictObject({ supportForward: z.boolean() })
const deliverySchema = {
  openSpaceId: z.string(),
  imGroupOpenDeliverModel: z.optional(z.strictObject({ robotCode: z.string() })),
  imRobotOpenDeliverModel: z.optional(z.strictObject({ spaceType: z.literal('IM_ROBOT'), robotCode: z.string() })),
}
const createRequestSchema = z.strictObject({
  ...deliverySchema,
  cardTemplateId: z.string(),
  outTrackId: z.string().check(z.minLength(1), z.maxLength(64)),
  callbackType: z.literal('HTTP'),
  callbackRouteKey: z.string(),
  userIdType: z.literal(1),
  cardData: cardDataSchema,
  imGroupOpenSpaceModel: z.optional(spaceSchema),
  imRobotOpenSpaceModel: z.optional(spaceSchema),
})
const deliverRequestSchema = z.strictObject({
  ...deliverySchema,
  outTrackId: z.string().check(z.minLength(1)),
  userIdType: z.literal(1),
})
const updateRequestSchema = z.strictObject({
  outTrackId: z.string().check(z.minLength(1)),
  userIdType: z.literal(1),
  cardData: cardDataSchema,
})
const messageSchema = {
  robotCode: z.string(),
  msgKey: z.literal('sampleText'),
  msgParam: z.string().check(z.refine((param) => Buffer.byteLength(param) <= LONGEST_VALUES)),
}
const toPersonSchema = z.strictObject({ ...messageSchema, userIds: z.tuple([z.string()]) })
const toGroupSchema = z.strictObject({ ...messageSchema, openConversationId: z.string() })
const textSchema = z.strictObject({ content: z.string().check(z.minLength(1)) })

export function createDingtalkPeer(options: DingtalkPeerOptions): DingtalkPeer {
  const { now = Date.now, groups } = options
  const cards = new Map<string, Card>()
  const texts = new Map<string, { readonly where: Place; readonly text: string }>()
  /** Ids of cards and texts, in the order in which they were posted. */
  const posted: string[] = []
  const tokens = new Map<string, { readonly until: number }>()
  let down = false
  let calls = 0

  const giveToken = (body: unknown): PeerAnswer => {
    const asked = tokenRequestSchema.safeParse(body).data
    if (asked?.appKey !== options.app || asked.appSecret !== options.appSecret)
      return refuse('invalidClientIdOrSecret', '无效的clientId或者clientSecret')
    const token = randomUUID().replaceAll('-', '')
    tokens.set(token, { until: now() + TOKEN_LIVES })
    return accept({ accessToken: token, expireIn: TOKEN_LIVES / 1000 })
  }

  const isAuthorized = ({ headers }: PeerCall): boolean => {
    const token = tokens.get(headers['x-acs-dingtalk-access-token'] ?? '')
    return token !== undefined && now() < token.until
  }

  const isThere = (where: Place): boolean => (where.kind === 'group' ? groups.includes(where.id) : isUserId(where.id))

  const createAndDeliver = (body: unknown): PeerAnswer => {
    const asked = createRequestSchema.safeParse(body).data
    if (asked === undefined) return refuse('param.invalid')
    if (asked.cardTemplateId !== options.template) return refuse('param.templateNotExist')
    const where = toWhere(asked)
    if ('status' in where) return where
    const { outTrackId, cardData, callbackRouteKey } = asked
    if (callbackRouteKey !== options.route || isTooLong(cardData)) return refuse('param.invalid')
    if (cards.has(outTrackId)) return refuse('param.cardAlreadyExist')
    const card = { values: cardData.cardParamMap, where: undefined, edits: 0 }
    return accept({ success: true, result: { outTrackId, deliverResults: [put(outTrackId, card, where)] } })
  }

  const deliver = (body: unknown): PeerAnswer => {
    const asked = deliverRequestSchema.safeParse(body).data
    if (asked === undefined) return refuse('param.invalid')
    const card = cards.get(asked.outTrackId)
    if (card === undefined) return refuse('param.cardNotExist')
    const where = toWhere(asked)
    return 'status' in where ? where : accept({ success: true, result: [put(asked.outTrackId, card, where)] })
  }

  /** Where it shall be delivered to, or why it shall not. */
  const toWhere = (asked: z.infer<typeof deliverRequestSchema> | z.infer<typeof createRequestSchema>) => {
    const where = toPlace(asked.openSpaceId)
    if (where === undefined) return refuse('param.openSpaceIdInvalid')
    const model = where.kind === 'group' ? asked.imGroupOpenDeliverModel : asked.imRobotOpenDeliverModel
    if (model === undefined) return refuse('param.openDeliverModelEmpty')
    return model.robotCode === options.robot ? where : refuse('param.invalid')
  }

  /** A card that is there already is shown once: whether DingTalk shows it once is not confirmed. */
  const put = (id: string, card: Card, where: Place): object => {
    const success = isThere(where)
    cards.set(id, success ? { ...card, where } : card)
    if (success && !posted.includes(id)) posted.push(id)
    const spaceType = where.kind === 'group' ? 'IM_GROUP' : 'IM_ROBOT'
    return { spaceType, spaceId: where.id, success, ...(!success && { errorMsg: 'SYSTEM_ERROR' }) }
  }

  const update = (body: unknown): PeerAnswer => {
    const asked = updateRequestSchema.safeParse(body).data
    if (asked === undefined || isTooLong(asked.cardData)) return refuse('param.invalid')
    const card = cards.get(asked.outTrackId)
    if (card === undefined) return refuse('param.cardNotExist')
    cards.set(asked.outTrackId, { ...card, values: asked.cardData.cardParamMap, edits: card.edits + 1 })
    return accept({ success: true, result: true })
  }

  const send = (robot: string, msgParam: string, where: Place): PeerAnswer => {
    const text = textSchema.safeParse(parseJson(msgParam)).data?.content
    if (text === undefined || robot !== options.robot) return refuse('invalidParameter')
    const there = isThere(where)
    if (!there && where.kind === 'group') return refuse('invalidParameter.openConversationId')
    const processQueryKey = randomUUID()
    if (there) {
      texts.set(processQueryKey, { where, text })
      posted.push(processQueryKey)
    }
    const people = { invalidStaffIdList: there ? [] : [where.id], flowControlledStaffIdList: [] }
    return accept({ processQueryKey, ...(where.kind === 'person' && people) })
  }

  const sendToPerson = (body: unknown): PeerAnswer => {
    const asked = toPersonSchema.safeParse(body).data
    if (asked === undefined) return refuse('invalidParameter')
    return send(asked.robotCode, asked.msgParam, { kind: 'person', id: asked.userIds[0] })
  }

  const sendToGroup = (body: unknown): PeerAnswer => {
    const asked = toGroupSchema.safeParse(body).data
    if (asked === undefined) return refuse('invalidParameter')
    return send(asked.robotCode, asked.msgParam, { kind: 'group', id: asked.openConversationId })
  }

  const routes: Readonly<Record<string, (body: unknown) => PeerAnswer>> = {
    'POST /v1.0/card/instances/createAndDeliver': createAndDeliver,
    'POST /v1.0/card/instances/deliver': deliver,
    'PUT /v1.0/card/instances': update,
    'POST /v1.0/robot/oToMessages/batchSend': sendToPerson,
    'POST /v1.0/robot/groupMessages/send': sendToGroup,
  }

  const serve = (call: PeerCall): PeerAnswer | undefined => {
    const route = `${call.method} ${call.path}`
    if (route === 'POST /v1.0/oauth2/accessToken') return giveToken(parseJson(call.body))
    if (!isAuthorized(call)) return refuse('InvalidAuthentication', '不合法的access_token', 401)
    return routes[route]?.(parseJson(call.body))
  }

  const show = (id: string): readonly Shown[] => {
    const card = cards.get(id)
    if (card?.where !== undefined) return [{ id, where: card.where, ...showCard(card.values), edits: card.edits }]
    const text = texts.get(id)
    return text === undefined ? [] : [{ id, ...text, buttons: [], edits: 0 }]
  }

  return {
    platform: 'dingtalk',
    tenant: options.corp,
    said(user, where, text, said = {}) {
      const at = said.at ?? now()
      return signMessage(options, toSaid(options, user, where, text, said, at), at)
    },
    tapped: (user, message, value, tapped = {}) =>
      signClick(options, user, message.id, value, tapped, tapped.at ?? now()),
    handshake: () => undefined,
    authenticates: {
      headers: ['timestamp', 'sign', 'x-ddpaas-signature-timestamp', 'x-ddpaas-signature'],
      body: false,
    },
    shown: () => posted.flatMap(show),
    remove(id) {
      cards.delete(id)
      texts.delete(id)
    },
    setDown: (next) => void (down = next),
    serve(call) {
      calls += 1
      return down ? refuse('system.busy', 'system.busy', 500) : serve(call)
    },
    calls: () => calls,
    revokeTokens: () => tokens.clear(),
  }
}

function toPlace(openSpaceId: string): Place | undefined {
  const [, space, id] = /^dtv1\.card\/\/(IM_GROUP|IM_ROBOT)\.(.+)$/.exec(openSpaceId) ?? []
  return id === undefined ? undefined : { kind: space === 'IM_GROUP' ? 'group' : 'person', id }
}

/** Whoever has an id that DingTalk may have given out is of the organisation. */
function isUserId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id)
}

function isTooLong(cardData: z.infer<typeof cardDataSchema>): boolean {
  return Buffer.byteLength(JSON.stringify(cardData.cardParamMap)) > LONGEST_VALUES
}

function accept(body: object): PeerAnswer {
  return { status: 200, body }
}

function refuse(code: string, message = code, status = 400): PeerAnswer {
  return { status, body: { code, requestid: randomUUID().toUpperCase(), message } }
}
