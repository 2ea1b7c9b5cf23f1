// DingTalk: an internal app with a robot in HTTP mode, and interactive cards with an HTTP callback.
import { cut } from '#adapters/chat/fit.ts'
import { toApi } from '#adapters/chat/origin.ts'
import type { Card, ChatMessage } from '#core/card.ts'
import { toTarget, type Address } from '#core/chat.ts'
import type { Durations } from '#core/durations.ts'
import { toPlain } from '#core/plain-text.ts'
import type { PolicyDocument } from '#core/policy.ts'
import * as z from '#core/zod.ts'
import type { ChatPlatform } from '#ports/chat-platform.ts'
import type { Posted } from '#ports/chat.ts'
import type { Clock } from '#ports/world.ts'
import { createApi } from './api.ts'
import { fromGroupId } from './group-id.ts'
import { createParse } from './parse.ts'
import { fillTemplate } from './template.ts'
import { toTrackId } from './track-id.ts'
import { createVerify, type Secrets } from './verify.ts'

export interface DingtalkOptions {
  readonly chat: NonNullable<PolicyDocument['chats']['dingtalk']>
  readonly secrets: Secrets
  readonly words: { readonly looking: string; readonly lookingInGroup: string; readonly notTaken: string }
  readonly clock: Pick<Clock, 'now'>
  readonly durations: Pick<Durations, 'deliverTimeout'>
  /** Of the local peers; default: DingTalk itself. */
  readonly endpoint?: string
}

/** The values of a message may have 15,000 bytes as JSON, and a character takes 3 of them at most. */
const LONGEST_TEXT = 4000

/** For each space that it is delivered to; an empty list is no delivery. */
const deliveriesSchema = z.array(z.object({ success: z.boolean() }))
const postedSchema = z.object({ success: z.literal(true), result: z.object({ deliverResults: deliveriesSchema }) })
const deliveredSchema = z.object({ success: z.literal(true), result: deliveriesSchema })
const updatedSchema = z.object({ success: z.literal(true), result: z.literal(true) })
const saidSchema = z.object({
  processQueryKey: z.string().check(z.minLength(1), z.maxLength(256)),
  invalidStaffIdList: z._default(z.array(z.string()), []),
  flowControlledStaffIdList: z._default(z.array(z.string()), []),
})

/** Throws a TypeError when a secret does not have the form that DingTalk gives it. */
export function createDingtalk(options: DingtalkOptions): ChatPlatform {
  const { chat, secrets, words, clock, durations } = options
  const appSecret = secrets.appSecret.current
  const call = createApi({ api: toApi('dingtalk', options.endpoint), app: chat.app, appSecret, clock })
  const startTimer = () => AbortSignal.timeout(Math.ceil(durations.deliverTimeout))

  async function postCard(to: Address, card: Card, key: string): Promise<Posted> {
    const signal = startTimer()
    const outTrackId = toTrackId(chat.app, `${toTarget(to)}\n${key}`)
    const body = {
      cardTemplateId: chat.template,
      outTrackId,
      callbackType: 'HTTP',
      callbackRouteKey: chat.route,
      userIdType: 1,
      cardData: { cardParamMap: fillTemplate(card) },
      ...toSpace(to),
      ...toDelivery(to, chat.robot),
    }
    const path = '/v1.0/card/instances/createAndDeliver'
    const called = await call({ method: 'POST', path, body, schema: postedSchema }, signal)
    if (!called.ok && called.code === 'param.cardAlreadyExist') return postAgain(to, outTrackId, card, signal)
    return called.ok ? toPosted(outTrackId, called.answer.result.deliverResults) : failed(called.why)
  }

  /**
   * An earlier try made the card: its answer was lost, or it was not delivered, and the card does not say which. It may show
   * what was true then. That a card which is delivered to one space twice is shown there once is not confirmed.
   */
  async function postAgain(to: Address, outTrackId: string, card: Card, signal: AbortSignal): Promise<Posted> {
    const edited = await editCard(outTrackId, card, signal)
    if (!edited.ok) return edited
    const body = { outTrackId, userIdType: 1, ...toDelivery(to, chat.robot) }
    const path = '/v1.0/card/instances/deliver'
    const called = await call({ method: 'POST', path, body, schema: deliveredSchema }, signal)
    return called.ok ? toPosted(outTrackId, called.answer.result) : failed(called.why)
  }

  async function postText(to: Address, text: string): Promise<Posted> {
    const message = {
      robotCode: chat.robot,
      msgKey: 'sampleText',
      msgParam: JSON.stringify({ content: cut(text.split('\n').map(toPlain).join('\n'), LONGEST_TEXT) }),
    }
    const { path, body } =
      to.kind === 'person'
        ? { path: '/v1.0/robot/oToMessages/batchSend', body: { ...message, userIds: [to.id] } }
        : { path: '/v1.0/robot/groupMessages/send', body: { ...message, openConversationId: fromGroupId(to.id) } }
    const called = await call({ method: 'POST', path, body, schema: saidSchema }, startTimer())
    if (!called.ok) return failed(called.why)
    const { processQueryKey, invalidStaffIdList, flowControlledStaffIdList } = called.answer
    if (invalidStaffIdList.length > 0) return failed('DingTalk knows no such person')
    if (flowControlledStaffIdList.length > 0) return failed('DingTalk limits messages to this person')
    return { ok: true, id: processQueryKey }
  }

  async function editCard(outTrackId: string, card: Card, signal: AbortSignal): Promise<Posted> {
    // Without options the values replace all that there were.
    const body = { outTrackId, userIdType: 1, cardData: { cardParamMap: fillTemplate(card) } }
    const path = '/v1.0/card/instances'
    const called = await call({ method: 'PUT', path, body, schema: updatedSchema }, signal)
    if (called.ok) return { ok: true, id: outTrackId }
    return called.code === 'param.cardNotExist' ? { ...failed(called.why), gone: true } : failed(called.why)
  }

  return {
    platform: 'dingtalk',
    verify: createVerify({ chat, secrets, clock }),
    parse: createParse({ chat, clock }),
    answer(to, receipt) {
      // An empty object leaves the card as it is; only the status can tell who tapped that nothing came of it.
      if (to.kind !== 'said') return { status: receipt === 'taken' ? 200 : 503, body: {} }
      // In a group everybody sees it.
      const looking = to.where.kind === 'group' ? words.lookingInGroup : words.looking
      const content = receipt === 'taken' ? looking : words.notTaken
      return { status: 200, body: { msgtype: 'text', text: { content } } }
    },
    post: (to, message, key) =>
      message.kind === 'card' ? postCard(to, message.card, key) : postText(to, message.text),
    edit: async (_to, id, message: ChatMessage) =>
      message.kind === 'card' ? editCard(id, message.card, startTimer()) : failed('DingTalk cannot change a text'),
  }
}

function toSpace({ kind }: Address) {
  const space = { supportForward: false }
  return kind === 'person' ? { imRobotOpenSpaceModel: space } : { imGroupOpenSpaceModel: space }
}

function toDelivery({ kind, id }: Address, robotCode: string) {
  return kind === 'person'
    ? {
        openSpaceId: `dtv1.card//IM_ROBOT.${id}`,
        imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode },
      }
    : {
        openSpaceId: `dtv1.card//IM_GROUP.${fromGroupId(id)}`,
        imGroupOpenDeliverModel: { robotCode },
      }
}

function toPosted(id: string, deliveries: z.infer<typeof deliveriesSchema>): Posted {
  const delivered = deliveries.length > 0 && deliveries.every(({ success }) => success)
  return delivered ? { ok: true, id } : failed('DingTalk made the card and did not deliver it')
}

function failed(why: string): Extract<Posted, { readonly ok: false }> {
  return { ok: false, why }
}
