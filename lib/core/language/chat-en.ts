// What Startgate says in chats in English.
import type { Unclear } from '#core/command.ts'
import type { ChatWords } from './chat-words.ts'

const UNCLEAR: Readonly<Record<Unclear, (word: string) => string>> = {
  unknown_word: (word) => `Startgate does not know “${word}”. Say help to see what it knows.`,
  approves: () =>
    'Nothing was approved: a yes is signed with your own key, and never said in a chat. Tap Review on the card of the request, or use startgate approve in a terminal.',
  denies: () =>
    'Nothing was denied: which request is meant has to be certain. Tap Deny on its card; show and its id bring you the card.',
  no_instance: () =>
    'Which instance? Say start, then its id or its name, then why: start db-1 the monthly report. A name with spaces goes in quotes.',
  no_reason: (word) => `Why? Approvers read the reason. Say it in the same message: start ${quote(word)} and then why.`,
  no_request: (word) =>
    `“${word}” names no request. Say the id, which begins with req_; list shows those that are open.`,
}

export const CHAT_EN: ChatWords = {
  looking: 'Looking…',
  notTaken: 'This could not be taken on just now, and nothing was done. Please say it again.',
  unknownPerson: (identity) =>
    `Nothing was done: the policy does not say who you are. Whoever keeps it adds this to your entry under people, in a reviewed change: chat: [${identity}]`,
  help: (command) => {
    const say = (line: string): string => (command === '' ? line : `${command} ${line}`)
    return [
      'Startgate starts stopped instances when the people in charge sign for it. Say:',
      `${say('start db-1 the monthly report')}: ask for a start; an id, an alias or a name, then why`,
      `${say('list')}: what is open`,
      `${say('show req_…')}: how a request stands`,
      `${say('cancel req_… not needed')}: take a request back`,
      'A yes is signed on the page that Review on the card opens, or with startgate approve. Nobody can say it here.',
      `中文：${say('帮助')}`,
    ].join('\n')
  },
  unclear: (problem, word) => UNCLEAR[problem](word),
  which: (name, candidates) =>
    [
      `Several instances have the name “${name}”. Ask again with the id of the one you mean:`,
      ...candidates.map(({ instanceId, zone, status }) => `${instanceId} (${zone}, ${status})`),
    ].join('\n'),
  open: (items, more) =>
    [
      ...items.map(
        ({ id, instance, requester, headline, url }) => `${instance}, asked by ${requester}: ${headline}\n${id} ${url}`,
      ),
      ...(more === 0 ? [] : [`And ${more} more.`]),
    ].join('\n'),
  nothingOpen: 'No request is open.',
  stopped: (request) => `Stopped: nothing is started for ${request}.`,
  tooLate: (request) =>
    `Your no to ${request} is recorded, but a start may already be under way. Say show ${request} to see what becomes of it.`,
  refused: (detail) => `Nothing was done. ${detail}`,
  card: {
    titles: {
      pending: 'A start waits for approval',
      ready: 'A start is approved',
      waiting: 'A start is approved and waits',
      expiring: 'A request to start is expiring',
      stopping: 'A start is being stopped',
      starting: 'A start is under way',
      running: 'The instance runs',
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
    reminder: (headline) => `Still open: ${headline}`,
  },
}

function quote(word: string): string {
  return word.includes(' ') ? `“${word}”` : word
}
