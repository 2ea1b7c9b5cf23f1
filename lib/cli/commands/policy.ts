// What belongs to the policy file has one name before it: `startgate policy check`.
import type { Command } from 'commander'
import type { Cli } from '#lib/cli/command.ts'
import { addPolicyCheck } from './policy-check.ts'
import { addPolicySchema } from './policy-schema.ts'
import { addPolicyWho } from './policy-who.ts'

export function addPolicy(program: Command, cli: Cli): void {
  const summary = 'Check and explain a policy file; needs no network'
  const policy = program.command('policy').summary(summary).description(summary)
  for (const add of [addPolicyCheck, addPolicyWho, addPolicySchema]) add(policy, cli)
}
