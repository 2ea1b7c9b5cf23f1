// What each function says of itself, and whether the two belong together.
import { DURATIONS, MINUTE, SECOND } from '#core/durations.ts'
import { notLearned, ok, unknown, wrong, type Check, type Judged } from './finding.ts'
import { FUNCTIONS, type FunctionRole, type OwnWorld, type Report } from './report.ts'
import type { Seen } from './seen.ts'

const NO_ANSWER = 'See why it did not answer above, and run startgate doctor again.'

/** Judges by a function's report; without one there is nothing to judge by. */
export function byReport(
  seen: Seen,
  role: FunctionRole,
  what: string,
  judge: (report: Report, at: number) => Judged,
): Judged {
  const { answer } = seen[role]
  return 'ok' in answer
    ? judge(answer.ok.report, answer.ok.at)
    : unknown(`The ${role} did not answer, so ${what} is not known.`, NO_ANSWER)
}

/** The same, by what a function that is set up right sees of the world. */
export function byWorld(seen: Seen, role: FunctionRole, what: string, judge: (world: OwnWorld) => Judged): Judged {
  return byReport(seen, role, what, ({ world }) =>
    world === undefined
      ? unknown(`The ${role} is not set up right, so ${what} is not known.`, 'Put its environment right first.')
      : judge(world),
  )
}

export const FUNCTION_CHECKS: readonly Check[] = [
  ...FUNCTIONS.flatMap((role): readonly Check[] => [
    {
      check: `${role}.answers`,
      cure: 'Deploy it with s deploy; its log says what went wrong, if it was called at all.',
      judge: (seen) => judgeAnswer(seen, role),
    },
    {
      check: `${role}.environment`,
      cure: `Set it in environmentVariables of the ${role} in s.yaml, and deploy.`,
      judge: (seen) =>
        byReport(seen, role, 'its environment', ({ problems }) =>
          problems.length === 0
            ? ok(`The ${role} has every variable and secret that it needs.`)
            : wrong(`The ${role} is not set up right: ${problems.join('; ')}.`),
        ),
    },
    {
      check: `${role}.clock`,
      cure: 'Let nothing start until it is right: set reservedConcurrency of the starter to 0, and report the function and the time to Alibaba Cloud.',
      judge: (seen) => judgeClock(seen, role),
    },
    {
      check: `${role}.bytecode`,
      cure: NO_ANSWER,
      judge: (seen) => byReport(seen, role, 'its bytecode', (report) => judgeBytecode(role, report)),
    },
  ]),
  same(
    'build',
    'The two functions run the same build',
    'Deploy both, the starter first: s deploy.',
    ({ build }) => build,
  ),
  same(
    'policy',
    'Both judge by the same policy',
    'Build once, and deploy both with the same policy, the starter first: s deploy.',
    ({ policy }) => policy,
  ),
  same(
    'audience',
    'Both mean the same deployment',
    'Set STARTER_FUNCTION of both in s.yaml to the name that the starter is deployed under, and deploy.',
    ({ audience }) => audience,
  ),
]

function judgeAnswer(seen: Seen, role: FunctionRole): Judged {
  const { answer, name } = seen[role]
  if ('ok' in answer) {
    const { report } = answer.ok
    return report.function === role
      ? ok(`${name} answers, build ${report.build}.`)
      : wrong(`${name} is the ${report.function}, not the ${role}.`, 'Name the functions with --gate and --starter.')
  }
  const { failure, status } = answer
  if (status === 403) return notLearned(`What ${name} says`, answer, 'fc:InvokeFunction')
  if (status === 404)
    return wrong(
      `There is no function ${name}.`,
      'Deploy it, or name it with --gate, --starter, --region or --account.',
    )
  if (status === 429)
    return wrong(`${name} has no instance free (429 ${failure}).`, 'See what it reserves below; at 0 it runs nothing.')
  if (status === undefined) return notLearned(`What ${name} says`, answer, 'fc:InvokeFunction')
  return wrong(`${name} does not answer (${status} ${failure}).`)
}

function judgeClock(seen: Seen, role: FunctionRole): Judged {
  return byReport(seen, role, 'its clock', ({ now }, at) => {
    const size = Math.abs(now - at)
    const how = size < MINUTE ? `${Math.round(size / SECOND)} s` : `${Math.round(size / MINUTE)} min`
    return size <= DURATIONS.clockSkew
      ? ok(`The clock of the ${role} is right to ${how}.`)
      : wrong(`The clock of the ${role} is ${how} ${now > at ? 'ahead of' : 'behind'} the cloud’s.`)
  })
}

/** Nothing breaks without bytecode, so that is no reason to call a deployment wrong. */
function judgeBytecode(role: FunctionRole, { runtime, nodeFlags, bytecode }: Report): Judged {
  const cost = 'cold starts compile everything, and take up to half as long again'
  switch (bytecode) {
    case 'used':
      return ok(`Cold starts of the ${role} use bytecode for its Node, ${runtime}.`)
    case 'none':
      return ok(
        `The ${role} runs Node ${runtime} and has no bytecode for it: ${cost}. Build on ${runtime} to save that.`,
      )
    case 'refused':
      return ok(
        `The ${role} runs Node ${runtime} with other flags than its bytecode was made under: ${cost}. To save that, build with --node-flags='${nodeFlags}' in s.yaml.`,
      )
  }
}

function same(check: string, says: string, cure: string, of: (report: Report) => string | undefined): Check {
  return {
    check,
    cure,
    judge: (seen) =>
      byReport(seen, 'gate', `the ${check}`, (gate) =>
        byReport(seen, 'starter', `the ${check}`, (starter) => {
          const [one, other] = [of(gate), of(starter)]
          if (one === undefined || other === undefined)
            return unknown(`A function has no ${check} that it could read.`, 'Put its environment right first.')
          return one === other
            ? ok(`${says}: ${one}.`)
            : wrong(`The gate has the ${check} ${one}, the starter ${other}.`)
        }),
      ),
  }
}
