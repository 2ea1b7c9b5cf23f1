// How a request stands, for the page and for refusals: the door has the latter without the former.
import type { PageWords } from './page-words.ts'

export const STATES_ZH: PageWords['states'] = {
  pending: '待审批',
  ready: '已批准',
  waiting: '已批准，等待启动',
  expiring: '即将过期',
  stopping: '正在中止',
  starting: '正在启动',
  running: '运行中',
  satisfied: '已在运行',
  dry_run_passed: '预检通过',
  failed: '失败',
  stuck: '结果不明',
  denied: '已拒绝',
  cancelled: '已取消',
  expired: '已过期',
}
