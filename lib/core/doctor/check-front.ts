// The gate as anybody sees it who opens its address.
import { isLoopback } from '#core/loopback.ts'
import { byWorld } from './check-functions.ts'
import { ok, unknown, wrong, type Check, type Judged } from './finding.ts'
import type { Seen, SeenFront } from './seen.ts'

const GIVE_IT = 'Give it with --url.'

export const FRONT_CHECKS: readonly Check[] = [
  {
    check: 'address.domain',
    cure: 'Give the gate a custom domain with a certificate (infra/terraform/domain.tf), and set PUBLIC_URL to it.',
    judge: (seen) =>
      byFront(seen, 'what its address is', ({ url }) => {
        const { protocol, hostname } = new URL(url)
        if (isLoopback(hostname)) return ok(`${url} is on this very computer.`)
        if (protocol !== 'https:') return wrong(`${url} has no TLS: anybody on the way reads along.`)
        return hostname.endsWith('.fcapp.run')
          ? wrong(`${url} is the platform’s own domain, under which browsers download pages instead of showing them.`)
          : ok(`${url} is a domain of its own.`)
      }),
  },
  {
    check: 'address.same',
    cure: 'Set PUBLIC_URL of the gate in s.yaml to the address that people use, and deploy.',
    judge: (seen) =>
      byFront(seen, 'whether people are told it', ({ url }) =>
        byWorld(seen, 'gate', 'which address it tells people', ({ publicUrl }) =>
          publicUrl === url
            ? ok('The gate tells people this very address.')
            : wrong(`The gate tells people the address ${publicUrl ?? '(none)'}, not ${url}.`),
        ),
      ),
  },
  {
    check: 'address.answers',
    cure: 'Look at the domain and its certificate in Function Compute, and at the log of the gate.',
    judge: (seen) =>
      byFront(seen, 'whether it answers', ({ url, answer }) => {
        if (!('ok' in answer)) return wrong(`${url}/healthz could not be reached: ${answer.failure}.`)
        const { status, headers, health } = answer.ok
        if (health === undefined) return wrong(`${url}/healthz answered ${status}, and not as a gate does.`)
        const changed = [
          ...(headers['content-type']?.startsWith('application/json') === true ? [] : ['its content type is changed']),
          ...(headers['x-content-type-options'] === 'nosniff' ? [] : ['its headers are left out']),
          ...(headers['content-disposition'] === undefined ? [] : ['it is made a download']),
        ]
        return changed.length === 0
          ? ok('What the gate answers arrives as it was sent.')
          : wrong(`What the gate answers is changed on its way: ${changed.join('; ')}.`)
      }),
  },
  {
    check: 'address.logs',
    cure: 'Ask Alibaba Cloud how to turn X-Fc-Log-Type off for this trigger: no log line holds a secret, but they are not for callers.',
    judge: (seen) =>
      byAnswer(seen, 'whether it shows its log', ({ headers }) =>
        headers['x-fc-log-result'] === undefined
          ? ok('Callers get no lines of the gate’s log.')
          : wrong('Callers who ask for it get the last lines of the gate’s log.'),
      ),
  },
  {
    check: 'health',
    cure: 'Look at the log of the starter in Function Compute, and at the lines above about it.',
    judge: (seen) =>
      byAnswer(seen, 'how it does', ({ health }) => {
        if (health === undefined)
          return unknown('The gate does not say how it does.', 'See above why it does not answer.')
        return health.healthy
          ? ok('The gate says that all is well.')
          : wrong(`The gate says: ${health.problems.join('; ')}.`)
      }),
  },
]

function byFront(seen: Seen, what: string, judge: (front: SeenFront) => Judged): Judged {
  return seen.front === undefined
    ? unknown(`The address of the gate is not known, so neither is ${what}.`, GIVE_IT)
    : judge(seen.front)
}

function byAnswer(
  seen: Seen,
  what: string,
  judge: (answer: Extract<SeenFront['answer'], { ok: unknown }>['ok']) => Judged,
): Judged {
  return byFront(seen, what, ({ answer }) =>
    'ok' in answer
      ? judge(answer.ok)
      : unknown(`The gate was not reached, so ${what} is not known.`, 'See above why it does not answer.'),
  )
}
