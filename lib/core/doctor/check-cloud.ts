// How the functions are set up, as Function Compute says it to the operator.
import { DURATIONS, MINUTE, SECOND } from '#core/durations.ts'
import { parseJson } from '#core/json.ts'
import { byReport } from './check-functions.ts'
import { notLearned, ok, unknown, wrong, type Check, type Judged } from './finding.ts'
import { FUNCTIONS, type FunctionRole } from './report.ts'
import type { Learned, Seen, Trigger } from './seen.ts'

const JOBS = { gate: 'tell', starter: 'sweep' } as const satisfies Record<FunctionRole, string>
const EVERY_MINUTE = '@every 1m'
/** A timer that was not seen for longer does not run. */
const ALIVE = 3 * MINUTE

export const CLOUD_CHECKS: readonly Check[] = [
  ...FUNCTIONS.flatMap((role): readonly Check[] => [
    {
      check: `${role}.settings`,
      cure: `Deploy it as s.yaml has it: s deploy.`,
      judge: (seen) =>
        learned(seen[role].settings, `How the ${role} is set up`, 'fc:GetFunction', (is) => {
          const must = { runtime: 'nodejs20', handler: `${role}.handler`, timeout: DURATIONS.functionTimeout / SECOND }
          const flaws = (['runtime', 'handler', 'timeout'] as const).filter((each) => is[each] !== must[each])
          return flaws.length === 0
            ? ok(`The ${role} runs ${must.handler} on ${must.runtime} for ${must.timeout} s at most.`)
            : wrong(
                `The ${role} is set up otherwise: ${flaws.map((each) => `${each} is ${is[each]}, not ${must[each]}`).join('; ')}.`,
              )
        }),
    },
    {
      check: `${role}.timer`,
      cure: `Put the timer ${JOBS[role]} back as s.yaml has it, enabled: s deploy.`,
      judge: (seen) => byTriggers(seen, role, (triggers) => judgeTimer(role, triggers)),
    },
    {
      check: `${role}.timer.alive`,
      cure: `Look at the log of the ${role} in Function Compute: every minute it must be called by the timer ${JOBS[role]}.`,
      judge: (seen) =>
        byReport(seen, role, 'whether its timer runs', ({ now, lastTimer }) => judgeLastTimer(role, now, lastTimer)),
    },
    {
      check: `${role}.reserved`,
      cure: `Set reservedConcurrency of the ${role} as s.yaml has it: s deploy.`,
      judge: (seen) =>
        learned(seen[role].reserved, `What the ${role} reserves`, 'fc:GetConcurrencyConfig', (reserved) => {
          if (reserved === undefined)
            return wrong(`The ${role} reserves no instances: a flood on one function can starve the other.`)
          return reserved > 0
            ? ok(`The ${role} has ${reserved} instances reserved.`)
            : wrong(`The ${role} is stopped: it has 0 instances reserved.`)
        }),
    },
  ]),
  {
    check: 'gate.http',
    cure: 'Put the HTTP trigger of the gate back as s.yaml has it: s deploy.',
    judge: (seen) => byTriggers(seen, 'gate', judgeHttp),
  },
  {
    check: 'starter.unreachable',
    cure: 'Remove the other triggers of the starter: nothing but its timer and the functions may call it.',
    judge: (seen) =>
      byTriggers(seen, 'starter', (triggers) => {
        const others = triggers.filter(({ type }) => type !== 'timer')
        return others.length === 0
          ? ok('Nothing but timers calls the starter.')
          : wrong(`The starter has the trigger ${others.map(({ name, type }) => `${name} (${type})`).join(', ')}.`)
      }),
  },
  {
    check: 'gate.async',
    cure: 'Set asyncInvokeConfig.maxAsyncRetryAttempts of the gate to 2, as s.yaml has it: s deploy.',
    judge: (seen) =>
      learned(seen.gate.asyncRetries, 'How the gate repeats events', 'fc:GetAsyncInvokeConfig', (retries) =>
        retries > 0
          ? ok(`What was said to the gate is repeated ${retries} times when it fails.`)
          : wrong('An event of the gate that fails is lost: it is never repeated.'),
      ),
  },
  {
    check: 'starter.async',
    cure: 'Set asyncInvokeConfig.maxAsyncRetryAttempts of the starter to 0, as s.yaml has it: s deploy. The sweep is the retry.',
    judge: (seen) =>
      learned(seen.starter.asyncRetries, 'How the starter repeats events', 'fc:GetAsyncInvokeConfig', (retries) =>
        retries === 0
          ? ok('No event of the starter is repeated: the sweep is the retry.')
          : wrong(`An event of the starter that fails is repeated ${retries} times.`),
      ),
  },
]

function learned<Value>(value: Learned<Value>, what: string, needs: string, judge: (value: Value) => Judged): Judged {
  return 'ok' in value ? judge(value.ok) : notLearned(what, value, needs)
}

function byTriggers(seen: Seen, role: FunctionRole, judge: (triggers: readonly Trigger[]) => Judged): Judged {
  return learned(seen[role].triggers, `The triggers of the ${role}`, 'fc:ListTriggers', judge)
}

function judgeTimer(role: FunctionRole, triggers: readonly Trigger[]): Judged {
  const job = JOBS[role]
  const timer = triggers.find(({ type, payload }) => type === 'timer' && isJob(payload, job))
  if (timer === undefined) return wrong(`The ${role} has no timer for the job ${job}.`)
  if (timer.enable !== true) return wrong(`The timer ${timer.name} of the ${role} is off.`)
  return timer.cronExpression === EVERY_MINUTE
    ? ok(`The timer ${timer.name} of the ${role} is on, every minute.`)
    : wrong(`The timer ${timer.name} of the ${role} fires at ${timer.cronExpression ?? 'no time'}, not every minute.`)
}

function isJob(payload: string | undefined, job: string): boolean {
  const parsed = parseJson(payload ?? '')
  return typeof parsed === 'object' && parsed !== null && 'job' in parsed && parsed.job === job
}

/** An instance that the timer did not call says nothing: there may be another one. */
function judgeLastTimer(role: FunctionRole, now: number, lastTimer: number | undefined): Judged {
  const again = 'Run startgate doctor again in two minutes; if it stays so, look at the log of the function.'
  if (lastTimer === undefined)
    return unknown(`The instance of the ${role} that answered was not called by the timer yet.`, again)
  const ago = now - lastTimer
  return ago <= ALIVE
    ? ok(`The timer called the ${role} ${Math.round(ago / SECOND)} s ago.`)
    : unknown(`The timer called the instance of the ${role} that answered ${Math.round(ago / MINUTE)} min ago.`, again)
}

function judgeHttp(triggers: readonly Trigger[]): Judged {
  const http = triggers.filter(({ type }) => type === 'http')
  const [trigger] = http
  if (trigger === undefined) return wrong('The gate has no HTTP trigger: nobody reaches it.')
  const missing = ['GET', 'HEAD', 'POST'].filter((method) => trigger.methods?.includes(method) !== true)
  if (missing.length > 0) return wrong(`The HTTP trigger of the gate does not let ${missing.join(', ')} through.`)
  return trigger.authType === 'anonymous'
    ? ok('The HTTP trigger of the gate lets people and their tools through.')
    : wrong(
        `The HTTP trigger of the gate asks for ${trigger.authType ?? 'function'} authentication, which no caller of the gate has.`,
      )
}
