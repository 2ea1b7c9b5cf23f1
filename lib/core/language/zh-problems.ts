// Refusals and faults over HTTP in Chinese.
import { STATES_ZH } from './states-zh.ts'
import type { ProblemWords } from './problem-words.ts'

const problems: ProblemWords['problems'] = {
  unauthenticated: {
    title: '身份未验证',
    detail: () => '此调用缺少签名，或签名未被接受。请检查密钥、时钟，以及签名所含的方法、路径和正文。',
  },
  malformed: {
    title: '格式不正确',
    // What the parser says of each stays as it is.
    detail: ({ problems }) =>
      `请求中有不正确的内容：${problems
        .slice(0, 3)
        .map(({ path, message }) => `${path}: ${message}`)
        .join('；')}。`,
  },
  too_large: { title: '内容过大', detail: ({ limit }) => `请求正文最多 ${limit} 字节。` },
  key_reused: {
    title: '幂等键重复使用',
    detail: () => '此 Idempotency-Key 已用于另一个申请。新的申请请使用新的键。',
  },
  not_available: {
    title: '不可用',
    detail: ({ instanceId, regionId }) =>
      `地域 ${regionId} 中没有规则允许您启动的实例 ${instanceId}。请检查实例 ID 和地域，或咨询策略的维护者。`,
  },
  already_running: {
    title: '已在运行',
    detail: ({ instanceId, status }) => `实例 ${instanceId} 的状态为 ${status}，无需启动。`,
  },
  locked: {
    title: '已锁定',
    detail: ({ instanceId, lock }) =>
      `实例 ${instanceId} 已被锁定（${lock}），无法启动。请在 ECS 控制台查看该实例的事件。`,
  },
  instance_expired: {
    title: '实例已过期',
    detail: ({ instanceId }) => `实例 ${instanceId} 已过期。请先续费，再重新申请。`,
  },
  may_not_wipe: {
    title: '不允许清除本地盘',
    detail: ({ rule }) => `规则 ${rule} 不允许使用 initLocalDisk。请去掉该参数后申请，或请人修改规则。`,
  },
  no_approver: {
    title: '没有足够的审批人',
    detail: ({ rule }) => `按规则 ${rule}，除申请人外能够审批的人数不足。请在规则中添加审批人。`,
  },
  closed: {
    title: '不在允许的时段',
    detail: ({ rule, opensAt }) =>
      `在此请求过期之前，规则 ${rule} 都不允许启动。${opensAt === undefined ? '7 天之内没有允许的时段，请以后再申请。' : `请将 notBefore 设为 ${new Date(opensAt).toISOString()} 或更晚后再申请。`}`,
  },
  not_before_out_of_range: {
    title: 'notBefore 超出范围',
    detail: () => 'notBefore 必须晚于当前时间，且不超过 7 天。',
  },
  may_not_act_for: {
    title: '不能代他人申请',
    detail: ({ principal }) => `只有机器可以代他人申请，且只能代策略中的人员申请；${principal} 不符合。`,
  },
  no_such_request: { title: '请求不存在', detail: () => '不存在此 ID 的启动请求。' },
  token_refused: {
    title: '令牌未被接受',
    detail: () => '此令牌对该请求无效。请重新获取该请求，并用审批人的密钥对其显示的内容签名。',
  },
  reason_required: { title: '需要填写理由', detail: () => '拒绝时必须填写理由，以便他人了解原因。' },
  already_final: {
    title: '请求已结束',
    detail: ({ state }) => `此请求的状态为“${STATES_ZH[state]}”，已无法更改。如有需要，请重新申请。`,
  },
  expiring: { title: '已过期', detail: () => '此请求的审批时间已过。如仍有需要，请重新申请。' },
  may_not_cancel: {
    title: '不能取消',
    detail: () => '只有申请人、被代理的人员或规则指定的人员可以取消此请求。审批人可以拒绝此请求。',
  },
  may_not_read: { title: '不能查看列表', detail: () => '只有策略的 mayRead 中列出的调用方可以查看请求列表。' },
  full: {
    title: '记录已满',
    detail: () => '此请求的记录条数已达上限。仍可拒绝或取消；其他情况请重新申请。',
  },
  unreadable: {
    title: '此版本无法读取',
    detail: () => '此请求由另一版本的 Startgate 写入。两个函数都更新后即可审批。',
  },
  not_found: { title: '未找到', detail: () => '此地址没有内容。可用的地址请参见 /openapi.json。' },
  method_not_allowed: {
    title: '不支持的方法',
    detail: () => '此地址不支持该方法。请参见 /openapi.json。',
  },
}

const faults: ProblemWords['faults'] = {
  unavailable: {
    title: '暂时不可用',
    detail: (call) =>
      `无法访问此调用所需的服务，或该服务没有明确答复。请重试；如果原调用带有 Idempotency-Key，请使用同一个键。如仍未解决，请报告调用 ${call}。`,
  },
  fault: {
    title: '内部故障',
    detail: (call) => `Startgate 内部出现故障。请将调用 ${call} 报告给运维人员。`,
  },
}

export const PROBLEMS_ZH: ProblemWords = { problems, faults }
