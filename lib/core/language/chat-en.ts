// What Startgate says in chats in English.
import type { Unclear } from '#core/command.ts'
import { LONGEST_LINE } from '#core/words.ts'
import type { ChatWords, Say } from './chat-words.ts'

const UNCLEAR: Readonly<Record<Unclear, (word: string, say: Say) => string>> = {
  unknown_word: (word, say) => `Startgate does not know “${word}”. Say ${say('help')} to see what it knows.`,
  approves: () =>
    'Nothing was approved: a yes is signed with your own key, and never said in a chat. Tap Review on the card of the request, or use startgate approve in a terminal.',
  denies: (_, say) =>
    `Nothing was denied: which request is meant has to be certain. Tap Deny on its card; ${say('show req_…')} brings you the card.`,
  no_instance: (_, say) =>
    `Which instance? Say its id or its name, then why: ${say('start db-1 the monthly report')}. A name with spaces goes in quotes.`,
  no_reason: (word, say) =>
    `Why? Approvers read the reason. Say it in the same message: ${say(`start ${quote(word)}`)} and then why.`,
  one_at_a_time: (word) =>
    `Nothing was asked for: one instance is started at a time, and “${word}” is a second one. Say it once for each.`,
  no_request: (word, say) =>
    `Which request? Say its id too: ${say(`${word} req_…`)}. ${say('list')} shows those that are open.`,
  not_a_request: (word, say) =>
    `“${word}” names no request. Say the id, which begins with req_; ${say('list')} shows those that are open.`,
}

export const CHAT_EN: ChatWords = {
  looking: 'Looking… The answer comes as a private message.',
  lookingInGroup:
    'Looking… The answer comes as a private message; the card of a new request comes here too, if Startgate is a member.',
  notTaken: 'It is not certain that this was taken on. If nothing follows within a minute, say it again.',
  delayed:
    'This could not be finished just now. It is tried again for a few minutes; if you hear nothing by then, please do it again.',
  unknownPerson: (identity) =>
    `Nothing was done: the policy does not say who you are. Whoever keeps it adds this to your entry under people, in a reviewed change: chat: [${identity}]`,
  help: (say, group) =>
    [
      'Startgate starts stopped instances when the people in charge sign for it. Say:',
      `${say('start db-1 the monthly report')}: ask for a start; an id, an alias or a name, then why`,
      `${say('list')}: what is open`,
      `${say('show req_…')}: how a request stands`,
      `${say('cancel req_… not needed')}: take a request back`,
      'A yes is signed on the page that Review on the card opens, or with startgate approve. Nobody can say it here.',
      ...(group === undefined ? [] : [`This group as a receiver in the policy: group: ${group}`]),
      `中文：${say('帮助')}`,
    ].join('\n'),
  unclear: (problem, word, say) => UNCLEAR[problem](word, say),
  badReason: (problem, say) =>
    `Nothing was done. ${
      problem === 'too_long'
        ? `The reason is too long: it may have ${LONGEST_LINE} characters.`
        : 'The reason holds characters that nobody sees, or that change how it reads.'
    } Say ${say('start')} again, with a ${problem === 'too_long' ? 'shorter' : 'plain'} one.`,
  which: (name, candidates, say) =>
    [
      `Several instances have the name “${name}”. Say ${say('start')} again, with the id of the one you mean:`,
      ...candidates.map(({ instanceId, zone, status }) => `${instanceId} (${zone}, ${status})`),
    ].join('\n'),
  noSuchName: (name, regionId) =>
    `Nothing was done. No instance in ${regionId} that a rule lets you start has the name “${name}”. Names count exactly, capitals too; an id or an alias of the policy works as well.`,
  open: (items, more) =>
    [
      ...items.map(
        ({ id, instance, requester, reason, headline, expires, url }) =>
          `${instance}, asked by ${requester}: “${reason}”\n${headline} Valid until ${expires}.\n${id} ${url}`,
      ),
      ...(more === 0 ? [] : [`And ${more} more: startgate list in a terminal shows all to who may list requests.`]),
    ].join('\n'),
  nothingOpen: 'None that concerns you is open.',
  stopped: (instance, request) => `Stopped: ${instance} is not started for ${request}.`,
  tooLate: (instance, request, say) =>
    `Your no to the start of ${instance} is recorded, but it may already be under way. Say ${say(`show ${request}`)} to see what becomes of it.`,
  refused: (detail) => `Nothing was done. ${detail}`,
  card: {
    titles: {
      pending: 'A start waits for approval',
      ready: 'A start is approved',
      waiting: 'A start is approved and waits',
      expiring: 'A request to start is expiring',
      stopping: 'A start is being stopped',
      starting: 'A start is under way',
      running: 'The instance was started',
      satisfied: 'The instance was running already',
      dry_run_passed: 'The dry run passed',
      failed: 'The start failed',
      stuck: 'What became of the start is not known',
      denied: 'The start was denied',
      cancelled: 'The start was cancelled',
      expired: 'The request to start has expired',
    },
    yeses: 'Approved by',
    given: (by, needed) => `${by.length === 0 ? 'nobody yet' : by.join(', ')} (${needed} needed)`,
    open: 'May still approve',
    names: (names) => names.join(', '),
    review: 'Review',
    look: 'Look',
    deny: 'Deny',
    confirmDeny: 'Deny this request? That is final: whoever still needs the start has to ask again.',
    asOf: 'As of',
    unchanged: (at) => `${at}; this card does not change`,
    reminder: ({ instance, requester, reason, headline, expires }) =>
      `Still open: the start of ${instance}, asked by ${requester}: “${reason}”\n${headline} Valid until ${expires}.`,
    reminded: (instance, headline) => `Over: the start of ${instance}. ${headline}`,
  },
}

function quote(word: string): string {
  return word.includes(' ') ? `“${word}”` : word
}
