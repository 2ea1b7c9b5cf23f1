// What people read in Chinese (simplified), in the words of Alibaba Cloud's own documentation. Codes stand beside their
// translation, as the console and the API show one or the other.
import type { Requester } from '#core/proposal.ts'
import type { Group, No, Words } from './words.ts'
import { unheardInChinese, ZH_ANSWERS, ZH_DONE_BY } from './zh-answers.ts'

/** What ECS calls these; whatever else it says is shown as it is. */
const CODES: ReadonlyMap<string, string> = new Map([
  ['Pending', '创建中'],
  ['Starting', '启动中'],
  ['Running', '运行中'],
  ['Stopping', '停止中'],
  ['Stopped', '已停止'],
  ['PrePaid', '包年包月'],
  ['PostPaid', '按量付费'],
  ['SpotWithPriceLimit', '设置上限价格的抢占式实例'],
  ['SpotAsPriceGo', '自动出价的抢占式实例'],
  ['KeepCharging', '普通停机模式'],
  ['StopCharging', '节省停机模式'],
  ['Not-applicable', '不支持停机不收费'],
  ['delivered', '已送达'],
  ['gave_up', '未送达，已放弃'],
])

const VIAS: Readonly<Record<Requester['via'], string>> = {
  api: 'API',
  webhook: 'Webhook',
  timer: '定时触发器',
  dingtalk: '钉钉',
  feishu: '飞书',
  slack: 'Slack',
}
const STOOD_DOWN = { stopped: '已有人拒绝或取消', too_slow: '耗时过长', unreadable: '记录无法读取' } as const

export const ZH: Words = {
  facts: {
    labels: {
      instance: '实例',
      name: '名称',
      where: '位置',
      type: '实例规格',
      charge: '计费',
      status: '申请时状态',
      requester: '申请人',
      via: '途径',
      reason: '理由',
      rule: '规则',
      not_before: '最早启动时间',
      expires: '有效期至',
      dry_run: '预检',
    },
    where: (zone, regionId, accountId) => `可用区 ${zone}，地域 ${regionId}，账号 ${accountId}`,
    charge: (chargeType) => chargeType.split(' ').map(sayCode).join('、'),
    status: ({ status, stoppedMode }) => `${sayCode(status)}，${sayCode(stoppedMode)}`,
    requester: ({ principal, onBehalfOf }) =>
      onBehalfOf === undefined ? principal : `${principal}（代 ${onBehalfOf}）`,
    via: (via) => VIAS[via],
    rule: ({ name, approvals, approvers, oneOfEach, tool }) => {
      const groups = oneOfEach === undefined ? '' : `，其中须有 ${sayGroups(oneOfEach)}`
      const own = tool === 'own-tool' ? '，且至少一人使用自己的工具' : ''
      return `${name}：须由 ${approvers.join('、')} 中的 ${approvals} 人批准${groups}${own}`
    },
    dryRun: '是：不会启动任何实例',
  },
  warnings: {
    init_local_disk: '此实例本地盘上的所有数据都将被清除。',
    economical_mode:
      '实例停止时采用了节省停机模式：现在可能库存不足，并且弹性公网IP（EIP）以外的公网IP地址可能会变化。',
    spot: '这是抢占式实例：费用可能比以前高，并且可能再次被释放。',
    running_now: (status) => `申请时实例的状态为“${sayCode(status)}”：只有届时已停止才会启动。`,
    not_stopped: (status) => `申请时实例的状态为“${sayCode(status)}”：实例停止后才会启动。`,
    closed_now: (from) =>
      from === undefined
        ? '规则的时段不允许在此请求过期之前启动：批准后也不会启动任何实例。'
        : `规则的时段不允许在 ${from} 之前启动。`,
    unreadable: (n, flaw) => `此请求的第 ${n} 条记录不可信（${flaw}）；不会据此启动任何实例。`,
  },
  flaws: {
    broken_chain: '哈希链在此处断裂',
    unknown_row: '此版本无法读取',
    too_many: '条数超过一个请求的上限',
    no_request: '首条记录不是请求，或与其摘要、ID 不符',
  },
  states: {
    pending: (missing, approvers, groups, ownTool) => {
      const group = groups.length === 0 ? [] : [` ${sayGroups(groups)}`]
      const tool = ownTool ? ['至少一人在终端用自己的工具'] : []
      if (missing === 0) return `${[...group, ...tool].map((who) => `还需${who}批准`).join('；')}。`
      const still = [...group.map((who) => `其中须有${who}`), ...tool.map(() => '其中至少一人须在终端用自己的工具批准')]
      return `${[`还需 ${approvers.join('、')} 中的 ${missing} 人批准`, ...still].join('；')}。`
    },
    ready: '已批准；启动函数即将处理。',
    waiting: (from) => `已批准；将于 ${from} 启动。`,
    again: (says, from) => `${says}将于 ${from} 重试。`,
    waitingInVain: '已批准，但在过期之前不允许启动。不会启动任何实例；请改用更晚的时间重新申请。',
    expiring: '审批时间已过；正在确认没有正在进行的启动。',
    stopping: '有人已拒绝或取消；正在确认启动是否已在进行。',
    accepted: '启动请求已受理；正在等待实例运行。',
    sending: '正在发送启动请求，或正在核实其结果。',
    running: '实例正在运行。',
    seen: (status) => `未收到启动调用的响应，但随后发现实例的状态为“${sayCode(status)}”：实例已启动。`,
    satisfied: '实例已在运行，无需启动。',
    denied: (no) => `${sayBy(no)}拒绝${sayNoReason(no)}。未启动任何实例。`,
    cancelled: (no) => `${sayBy(no)}取消${sayNoReason(no)}。未启动任何实例。`,
    expired: '未及时获得足够的批准，或无法启动。未启动任何实例；如仍有需要，请重新申请。',
  },
  events: {
    actors: { gate: '审批函数', starter: '启动函数' },
    requested: (reason, dryRun) => `${dryRun ? '申请预检' : '申请启动'}：“${reason}”。`,
    approved: (reason) => `批准了申请${sayQuoted(reason)}。`,
    denied: (reason, chat) => `${sayIn(chat)}拒绝了申请${sayQuoted(reason)}。`,
    cancelled: (reason, chat) => `${sayIn(chat)}取消了申请${sayQuoted(reason)}。`,
    stopped: '确认没有正在进行的启动。',
    posted: (to) => `发送了通知：${to.map(([target, how]) => `${target}（${CODES.get(how) ?? how}）`).join('、')}。`,
    attempted: (dryRun) => (dryRun ? '准备调用 StartInstance 进行预检。' : '准备调用 StartInstance。'),
    accepted: (requestId) => `得知 ECS 已接受 StartInstance（请求 ID：${requestId}）。`,
    refused: (code, says) => `记录了拒绝（${code}）。${says}`,
    unclear: (code) => `未收到明确响应（${code}），正在查看实例状态。`,
    stood_down: (why) => `放弃启动，未发送任何请求：${STOOD_DOWN[why]}。`,
    running: (status, inferred) => `${inferred ? '未收到明确响应，但' : ''}确认实例的状态为“${sayCode(status)}”。`,
    failed: (answer) => `记录了启动失败。${answer}`,
    stuck: (answer) => `无法确定启动的结果。${answer}`,
    satisfied: (status) => `确认实例的状态原本就是“${sayCode(status)}”。`,
  },
  answers: ZH_ANSWERS,
  unheard: unheardInChinese,
  answer: ({ says, cure }, detail, doneBy) =>
    `${detail === undefined ? says : says.replace(/。$/, `（${detail}）。`)}${cure}${doneBy}`,
  doneBy: ZH_DONE_BY,
}

function sayCode(code: string): string {
  const meaning = CODES.get(code)
  return meaning === undefined ? code : `${meaning}（${code}）`
}

function sayGroups(groups: readonly Group[]): string {
  return groups.map(({ group, approvers }) => `${group}（${approvers.join('、')}）中的一人`).join('和 ')
}

function sayBy(no: No | undefined): string {
  return no === undefined ? '已被' : `已被 ${no.by} `
}

function sayNoReason(no: No | undefined): string {
  return no?.reason === undefined ? '' : `，理由：${no.reason}`
}

/** A name in Latin letters stands between spaces. */
function sayIn(chat: string | undefined): string {
  if (chat === undefined) return ''
  return /^[A-Za-z]/.test(chat) ? `在 ${chat} 中` : `在${chat}中`
}

function sayQuoted(reason: string | undefined): string {
  return reason === undefined ? '' : `：“${reason}”`
}
