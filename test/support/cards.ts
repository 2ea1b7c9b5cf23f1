// One sound card, and what people try to smuggle into one.
import type { Card } from '#core/card.ts'
import { INSTANCE, REQUEST } from './samples.ts'

export function aCard(change: Partial<Card> = {}): Card {
  return {
    language: 'en',
    request: REQUEST,
    title: 'A start waits for approval',
    tone: 'waiting',
    headline: 'One of Bob, Carol has to say yes until 11:00 UTC.',
    facts: [
      { label: 'Instance', value: `worker-1 (${INSTANCE})` },
      { label: 'Where', value: 'cn-hangzhou, account 1234567890123456' },
      { label: 'Asked by', value: 'alice' },
      { label: 'Reason', value: 'The nightly run needs it' },
      { label: 'Valid until', value: '2026-11-23 11:00:00 UTC' },
    ],
    warnings: ['Whoever approves, approves the wiping of its local disks.', 'It is running already.'],
    footer: `${REQUEST} · asks 1 01ab`,
    buttons: [
      { kind: 'review', label: 'Review and approve', url: `https://startgate.example.com/r/${REQUEST}` },
      { kind: 'deny', label: 'Deny', confirm: 'Nobody can start it then.' },
    ],
    ...change,
  }
}

/** What means something to one platform or another; to people it is only what it looks like. */
export const SMUGGLED: readonly string[] = [
  '<!channel>',
  '<!here|here>',
  '<@U0123456>',
  '<#C0123456>',
  '<at id=all></at>',
  '<at user_id="ou_1">Bob</at>',
  '@all @channel @here @所有人',
  '*bold* _italic_ ~gone~ **very bold** __underlined__ ~~gone~~',
  '`code` ```block```',
  '[approved](http://evil.example)',
  '<http://evil.example|approved>',
  '![seen](http://evil.example/seen.png)',
  '<a href="http://evil.example">approved</a>',
  '<font color="green">approved</font>',
  '# heading',
  '> quoted',
  '- item',
  '1. item',
  '| a | b |',
  ':white_check_mark:',
  '[微笑]',
  '&lt;b&gt; &amp; &#60; &nbsp;',
  '\\*bold\\* \\n \\u003c',
  '${title} {{title}} {title} %s $1',
  '"quoted" \'single\' {"json":true}',
  '<br> <hr> ---',
  'dtmd://dingtalkclient/sendMessage?content=approve',
]
