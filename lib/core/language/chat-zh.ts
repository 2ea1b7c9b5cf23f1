// What Startgate says in chats in Chinese.
import type { Unclear } from '#core/command.ts'
import { LONGEST_LINE } from '#core/words.ts'
import type { ChatWords, Say } from './chat-words.ts'

const UNCLEAR: Readonly<Record<Unclear, (word: string, say: Say) => string>> = {
  unknown_word: (word, say) => `Startgate 无法识别“${word}”。发送“${say('帮助')}”可查看可用命令。`,
  approves: () =>
    '未批准任何请求：批准须用您自己的密钥签名，在聊天中回复无效。请点击请求卡片上的“查看并决定”，或在终端中使用 startgate approve。',
  denies: (_, say) =>
    `未拒绝任何请求：必须明确是哪一个请求。请点击该请求卡片上的“拒绝”；发送“${say('查看 req_…')}”可获取卡片。`,
  no_instance: (_, say) =>
    `要启动哪个实例？请写明实例 ID 或名称以及理由，例如：${say('启动 db-1 月报')}。名称中有空格时请加引号。`,
  no_reason: (word, say) =>
    `为什么要启动？审批人会看到理由。请在同一条消息中写明：${say(`启动${quote(word)}`)}，后接理由。`,
  one_at_a_time: (word) => `未申请启动任何实例：一次只能启动一个，而“${word}”是第二个。请分别发送。`,
  no_request: (word, say) =>
    `哪个请求？请同时写明请求 ID：${say(`${word} req_…`)}。发送“${say('列表')}”可查看未结束的请求。`,
  not_a_request: (word, say) => `“${word}”不是请求 ID。请求 ID 以 req_ 开头；发送“${say('列表')}”可查看未结束的请求。`,
}

export const CHAT_ZH: ChatWords = {
  looking: '正在处理……结果将通过私聊发送给您。',
  lookingInGroup: '正在处理……结果将通过私聊发送给您；如果 Startgate 在本群中，新请求的卡片也会发到这里。',
  notTaken: '无法确定是否已受理。如一分钟内没有回复，请重新发送。',
  delayed: '暂时未能完成。几分钟内会自动重试；如届时仍无消息，请再操作一次。',
  unknownPerson: (identity) =>
    `未执行任何操作：策略中没有您的身份。请联系策略的维护者，在 people 下您的条目中添加以下内容（修改须经过评审）：chat: [${identity}]`,
  help: (say, group) =>
    [
      '负责人签名批准后，Startgate 会启动已停止的实例。您可以发送：',
      `${say('启动 db-1 月报')}：申请启动；先写实例 ID、别名或名称，再写理由`,
      `${say('列表')}：查看未结束的请求`,
      `${say('查看 req_…')}：查看一个请求的情况`,
      `${say('取消 req_… 不需要了')}：撤回一个请求`,
      '批准须签名：点击卡片上的“查看并决定”打开页面，或使用 startgate approve。在聊天中回复无效。',
      ...(group === undefined ? [] : [`将本群作为接收方写入策略：group: ${group}`]),
      `English: ${say('help')}`,
    ].join('\n'),
  unclear: (problem, word, say) => UNCLEAR[problem](word, say),
  badReason: (problem, say) =>
    `未执行任何操作。${
      problem === 'too_long'
        ? `理由过长：最多 ${LONGEST_LINE} 个字符。`
        : '理由中含有不可见字符或会改变显示顺序的字符。'
    }请${problem === 'too_long' ? '缩短' : '删除这些字符'}后重新发送“${say('启动')}”。`,
  which: (name, candidates, say) =>
    [
      `有多个实例名为“${name}”。请用目标实例的 ID 重新发送“${say('启动')}”：`,
      ...candidates.map(({ instanceId, zone, status }) => `${instanceId}（${zone}，${status}）`),
    ].join('\n'),
  noSuchName: (name, regionId) =>
    `未执行任何操作。地域 ${regionId} 中没有规则允许您启动的、名为“${name}”的实例。名称须完全一致（区分大小写）；也可以使用实例 ID 或策略中的别名。`,
  open: (items, more) =>
    [
      ...items.map(
        ({ id, instance, requester, reason, headline, expires, url }) =>
          `${instance}，申请人 ${requester}，理由：“${reason}”\n${headline}有效期至 ${expires}。\n${id} ${url}`,
      ),
      ...(more === 0 ? [] : [`另有 ${more} 个：有权查看请求列表的人员可在终端中使用 startgate list 查看全部请求。`]),
    ].join('\n'),
  nothingOpen: '没有与您相关的未结束请求。',
  stopped: (instance, request) => `已中止：不会为 ${request} 启动实例 ${instance}。`,
  tooLate: (instance, request, say) =>
    `您的拒绝已记录，但实例 ${instance} 的启动可能已在进行。发送“${say(`查看 ${request}`)}”可查看结果。`,
  refused: (detail) => `未执行任何操作。${detail}`,
  card: {
    titles: {
      pending: '启动请求待审批',
      ready: '启动请求已批准',
      waiting: '启动请求已批准，等待启动',
      expiring: '启动请求即将过期',
      stopping: '正在中止启动',
      starting: '启动正在进行',
      running: '实例已启动',
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
    open: '可审批人',
    names: (names) => names.join('、'),
    review: '查看并决定',
    look: '查看',
    deny: '拒绝',
    confirmDeny: '确定拒绝此请求吗？拒绝后不能更改；如仍需启动，须重新申请。',
    asOf: '截至',
    unchanged: (at) => `${at}；此卡片不再更新`,
    reminder: ({ instance, requester, reason, headline, expires }) =>
      `仍待审批：启动 ${instance}，申请人 ${requester}，理由：“${reason}”\n${headline}有效期至 ${expires}。`,
    reminded: (instance, headline) => `已结束：启动 ${instance}。${headline}`,
  },
}

function quote(word: string): string {
  return word.includes(' ') ? `“${word}”` : ` ${word}`
}
