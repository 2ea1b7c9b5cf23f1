import type { Command } from 'commander'
import { readPolicyFile } from '#adapters/policy-file/read-policy-file.ts'
import type { Policy } from '#core/policy.ts'
import { keysOf } from '#core/principals.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { printFaults } from '#lib/cli/policy/print-faults.ts'
import { DEFAULT_POLICY, readFile } from '#lib/cli/policy/read-policy.ts'
import { kindOfKey, sayPrincipals } from '#lib/cli/policy/say-principals.ts'
import { sayRule } from '#lib/cli/policy/say-rule.ts'
import { findSecondLooks } from '#lib/cli/policy/second-looks.ts'
import { createPrinter, printFields, type Printer } from '#lib/cli/print.ts'

export function addPolicyCheck(policy: Command, { io, finish }: Cli): void {
  declare(policy, {
    name: 'check',
    summary: 'Check a policy file: what is wrong in it and where, or what it says in plain words',
    examples: ['policy check', 'policy check infra/policy.yaml --json', 'policy check - < infra/policy.yaml'],
    needs: 'nothing',
  })
    .argument('[file]', 'the policy file; - for standard input', DEFAULT_POLICY)
    .action(async (file: string, flags: { readonly json?: boolean }) => finish(await check(io, file, flags)))
}

async function check(io: Io, given: string, { json = false }: { readonly json?: boolean }): Promise<ExitCode> {
  const out = createPrinter(io.stdout, io.env)
  const text = await readFile(io, given, 'policy')
  const file = given === '-' ? 'standard input' : given
  const read = readPolicyFile(text)
  if (!read.ok) {
    if (json) out.json({ file, sound: false, faults: read.faults })
    else printFaults(out, file, text, read.faults)
    return EXIT.refused
  }
  const { policy } = read
  const looks = findSecondLooks(policy, io.now())
  if (json) out.json({ file, sound: true, ...toJson(policy), secondLooks: looks })
  else explain(out, file, policy, looks)
  return EXIT.good
}

function explain(out: Printer, file: string, policy: Policy, looks: readonly string[]): void {
  for (const { title, fields } of sayPrincipals(policy)) {
    out.line({ style: 'bold', text: title })
    printFields(out, fields)
    out.line()
  }
  out.line({ style: 'bold', text: 'Rules, of which the first that matches applies' })
  for (const rule of policy.rules) {
    out.line('  ', { style: 'bold', text: rule.name })
    for (const sentence of sayRule(policy, rule)) out.line('    ', sentence)
  }
  out.line()
  if (looks.length > 0) {
    out.line({ style: 'yellow', text: 'Worth a second look' })
    for (const look of looks) out.entry(['  - '], look)
    out.line()
  }
  out.line({ style: 'green', text: 'SOUND' }, `  ${file}, digest ${policy.digest}`)
}

function toJson(policy: Policy): object {
  const { digest, people, machines, rules } = policy
  const keys = [...Object.keys(people), ...Object.keys(machines)].flatMap((principal) =>
    keysOf(policy, principal).map((key) => ({
      principal,
      kid: key.kid,
      kind: kindOfKey(key),
      ...(key.from === 0 ? {} : { from: new Date(key.from).toISOString() }),
      ...(key.until === Number.MAX_SAFE_INTEGER ? {} : { until: new Date(key.until).toISOString() }),
    })),
  )
  const identities = Object.entries(people).flatMap(([principal, { chat }]) =>
    chat.map((identity) => ({ principal, identity })),
  )
  return { digest, keys, identities, rules: rules.map((rule) => ({ name: rule.name, says: sayRule(policy, rule) })) }
}
