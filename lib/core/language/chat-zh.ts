// What Startgate says in chats in Chinese.
import type { Unclear } from '#core/command.ts'
import type { ChatWords } from './chat-words.ts'

const UNCLEAR: Readonly<Record<Unclear, (word: string) => string>> = {
  unknown_word: (word) => `Startgate 不认识“${word}”。发送“帮助”可查看能说什么。`,
  approves: () =>
    '没有批准任何请求：批准须用您自己的密钥签名，不能在聊天中说出。请点请求卡片上的“查看并决定”，或在终端里使用 startgate approve。',
  denies: () => '没有拒绝任何请求：必须确定是哪一个。请点该请求卡片上的“拒绝”；发送“查看”加请求 ID 可得到卡片。',
  no_instance: () =>
    '要启动哪个实例？请发送“启动”，接着写实例 ID 或名称，再写理由，例如：启动 db-1 月报。名称中有空格时请加引号。',
  no_reason: (word) => `为什么要启动？审批人会看到理由。请写在同一条消息里：启动${quote(word)}加理由。`,
  no_request: (word) => `“${word}”不是请求。请写以 req_ 开头的请求 ID；发送“列表”可查看未结束的请求。`,
}

export const CHAT_ZH: ChatWords = {
  looking: '正在查看…',
  notTaken: '暂时无法受理，没有做任何事。请再说一次。',
  unknownPerson: (identity) =>
    `没有做任何事：策略里没有写明您是谁。请策略的维护者在 people 中您的条目里加上这一项，修改须经过评审：chat: [${identity}]`,
  help: (command) => {
    const say = (line: string): string => (command === '' ? line : `${command} ${line}`)
    return [
      '负责人签名批准后，Startgate 会启动已停止的实例。您可以发送：',
      `${say('启动 db-1 月报')}：申请启动；先写实例 ID、别名或名称，再写理由`,
      `${say('列表')}：查看未结束的请求`,
      `${say('查看 req_…')}：查看一个请求的情况`,
      `${say('取消 req_… 不需要了')}：撤回一个请求`,
      '批准须签名：点卡片上的“查看并决定”打开页面，或使用 startgate approve。在聊天里说的不算。',
      `English: ${say('help')}`,
    ].join('\n')
  },
  unclear: (problem, word) => UNCLEAR[problem](word),
  which: (name, candidates) =>
    [
      `有多个实例名为“${name}”。请用其中一个的实例 ID 重新申请：`,
      ...candidates.map(({ instanceId, zone, status }) => `${instanceId}（${zone}，${status}）`),
    ].join('\n'),
  open: (items, more) =>
    [
      ...items.map(
        ({ id, instance, requester, headline, url }) => `${instance}，申请人 ${requester}：${headline}\n${id} ${url}`,
      ),
      ...(more === 0 ? [] : [`另有 ${more} 个。`]),
    ].join('\n'),
  nothingOpen: '没有未结束的请求。',
  stopped: (request) => `已停止：不会为 ${request} 启动任何实例。`,
  tooLate: (request) => `已记录您对 ${request} 的反对，但启动可能已在进行。发送“查看 ${request}”可查看结果。`,
  refused: (detail) => `没有做任何事。${detail}`,
  card: {
    titles: {
      pending: '启动等待批准',
      ready: '启动已批准',
      waiting: '启动已批准，等待中',
      expiring: '启动请求即将过期',
      stopping: '正在停止启动',
      starting: '启动正在进行',
      running: '实例正在运行',
      satisfied: '实例已在运行',
      dry_run_passed: '预检通过',
      failed: '启动失败',
      stuck: '启动结果不明',
      denied: '启动已被拒绝',
      cancelled: '启动已取消',
      expired: '启动请求已过期',
    },
    yeses: '已批准',
    given: (by, needed) => `${by.length === 0 ? '暂无' : by.join('、')}（需要 ${needed} 人）`,
    open: '可以批准',
    names: (names) => names.join('、'),
    review: '查看并决定',
    look: '查看',
    deny: '拒绝',
    confirmDeny: '确定拒绝此请求吗？拒绝后不能更改；如仍需启动，须重新申请。',
    reminder: (headline) => `仍未结束：${headline}`,
  },
}

function quote(word: string): string {
  return word.includes(' ') ? `“${word}”` : ` ${word} `
}
