// What the answers to StartInstance mean, in Chinese.
import type { Meaning, Who } from '#core/catalogue-entry.ts'
import type { AnswerWords } from './words.ts'

const fault = '请附上请求 ID 进行报告：这是 Startgate 的故障。'
const looking = '正在查看实例状态，目前无需操作。'
const later = '请在几分钟后重新申请。'
const kms = '请在 KMS 中修正该密钥，然后重新申请。'

export const ZH_ANSWERS: Readonly<Record<Meaning, AnswerWords>> = {
  not_stopped: { says: '实例不处于已停止（Stopped）状态。', cure: '请在 ECS 控制台查看实例状态，然后重新申请。' },
  initializing: { says: '实例仍在初始化。', cure: later },
  not_ready: { says: '实例尚未就绪。', cure: later },
  host_repairing: {
    says: '实例所在的宿主机正在维修。',
    cure: '请在 ECS 控制台查看该实例的事件，然后重新申请。',
  },
  busy: { says: '该实例正在执行其他操作。', cure: later },
  gone: {
    says: '此处已没有该实例：可能已被释放，或属于其他地域或账号。',
    cure: '请检查实例 ID，然后重新申请。',
  },
  id_refused: { says: 'ECS 不接受该实例 ID。', cure: '请检查后重新申请。' },
  parameter_missing: { says: 'ECS 认为调用缺少参数。', cure: fault },
  parameter_refused: { says: 'ECS 不接受调用的某个参数。', cure: fault },
  no_system_disk: { says: '该实例没有系统盘。', cure: '请在 ECS 控制台挂载系统盘，然后重新申请。' },
  locked_for_security: {
    says: '阿里云因安全原因锁定了该实例。',
    cure: '请在 ECS 控制台查看该实例的事件，然后重新申请。',
  },
  balance_low: { says: '账户余额不足。', cure: '请充值后重新申请。' },
  account_in_arrears: { says: '账户已欠费。', cure: '请结清欠费后重新申请。' },
  expired: { says: '该实例已过期。', cure: '请续费或结清账单后重新申请。' },
  expired_or_in_arrears: { says: '该实例已过期或已欠费。', cure: '请续费或结清欠费后重新申请。' },
  disk_in_arrears: { says: '该实例的一块云盘已欠费。', cure: '请结清欠费后重新申请。' },
  disk_error: {
    says: '该实例的一块磁盘所处的状态使实例无法启动。',
    cure: '请在 ECS 控制台查看磁盘，然后重新申请。',
  },
  quota_used_up: {
    says: '此实例规格或 vCPU 的配额已用完。',
    cure: '请在配额中心申请提升配额，然后重新申请。',
  },
  reservation_gone: {
    says: '该实例的容量预定已不存在。',
    cure: '请在 ECS 控制台选择其他容量预定，然后重新申请。',
  },
  kms_not_allowed: { says: 'ECS 无权使用某块云盘的 KMS 密钥。', cure: kms },
  kms_key_gone: { says: '某块云盘的 KMS 密钥已不存在。', cure: kms },
  kms_key_disabled: { says: '某块云盘的 KMS 密钥已被禁用。', cure: kms },
  no_capacity: {
    says: '该可用区内此实例规格的库存不足。',
    cure: '请更换实例规格，或稍后重新申请。',
  },
  host_full: { says: '专有宿主机的资源不足以运行该实例。', cure: '请释放宿主机上的资源，然后重新申请。' },
  pool_empty: { says: '私有池的容量不足。', cure: '请扩大私有池，或稍后重新申请。' },
  spot_price: {
    says: '抢占式实例的市场价格高于该实例的出价上限。',
    cure: '请提高出价上限，或稍后重新申请。',
  },
  rate_limited: { says: '阿里云正在对调用限流。', cure: later },
  role_may_not: {
    says: '启动函数的角色无权启动该实例。',
    cure: '请检查实例的标签和角色的权限策略，然后重新申请。',
  },
  no_role_may: { says: '任何 RAM 角色都不能启动该实例。', cure: '请手动启动该实例。' },
  risk_control: { says: '阿里云风控拒绝了此次启动。', cure: '请在控制台查看账号的消息，然后重新申请。' },
  credentials: {
    says: '启动函数的凭证被拒绝。',
    cure: '请检查启动函数的角色，然后重新申请。',
  },
  signature: { says: 'ECS 未接受调用的签名。', cure: fault },
  clock: { says: 'ECS 认为启动函数的时钟不准确。', cure: '请检查时钟，然后重新申请。' },
  seen_before: { says: 'ECS 之前已收到过这次调用。', cure: looking },
  ecs_error: { says: 'ECS 出现错误。', cure: looking },
  ecs_unavailable: { says: 'ECS 当时不可用。', cure: looking },
  dry_run_passed: { says: '预检通过：启动函数可以启动该实例。', cure: '无需任何操作。' },
  not_sent: {
    says: '启动函数无法访问 ECS。',
    cure: '请检查该函数的网络，然后重新申请。',
  },
  no_answer: { says: 'ECS 未返回明确的响应。', cure: looking },
  policy_changed: {
    says: '启动函数的策略不允许此操作。',
    cure: '请重新申请，以适用当前规则。',
  },
  another_deployment: { says: '此请求属于另一个 Startgate 部署。', cure: '请在该部署中申请。' },
  out_of_bounds: { says: '此请求的时间超出了规则允许的范围。', cure: '请重新申请。' },
  instance_changed: {
    says: '实例已与审批人看到的不一致。',
    cure: '请重新申请，让审批人看到实例的现状。',
  },
  not_found: {
    says: '实例已不存在，或启动函数的角色无权查看该实例。',
    cure: '请检查这两点，然后重新申请。',
  },
  locked: { says: '实例已被锁定。', cure: '请在 ECS 控制台查看该实例的事件，然后重新申请。' },
  already_running: {
    says: '实例已在运行，因此无法清除其本地盘。',
    cure: '请先停止实例，然后重新申请。',
  },
  fell_back: {
    says: 'ECS 已接受启动，但实例又回到已停止（Stopped）状态。',
    cure: '请在 ECS 控制台查看该实例的事件和系统日志，然后重新申请。',
  },
  still_stopped: {
    says: '启动请求可能已发出，但实例仍处于已停止（Stopped）状态。',
    cure: '请在 ECS 控制台查看该实例，然后重新申请。',
  },
  not_seen: {
    says: '启动请求可能已发出，但 30 分钟内未见实例运行。',
    cure: '请在 ECS 控制台查看该实例；如未运行，请重新申请。',
  },
  dry_run_unclear: { says: '未收到预检的响应；未启动任何实例。', cure: '请重新申请。' },
  no_more_attempts: {
    says: '尝试次数已达规则上限，均未能启动实例。',
    cure: '请稍后重新申请。',
  },
}

export const ZH_DONE_BY: Readonly<Record<Who, string>> = {
  nobody: '',
  requester: '申请人可自行处理。',
  operator: '可由实例的管理员处理。',
  account: '可由账号的管理员处理。',
  keeper: '可由 Startgate 的维护人员处理。',
}

export function unheardInChinese(code: string): AnswerWords {
  return {
    says: `阿里云拒绝了启动，错误码为 ${code}。`,
    cure: '请在 API 错误中心查看该错误码，然后重新申请。',
  }
}
