import type { Command } from 'commander'
import { examine, type Group } from '#core/doctor/examine.ts'
import type { Seen, SeenFunction } from '#core/doctor/seen.ts'
import { instanceIdSchema } from '#core/words.ts'
import { collect, declare, type Cli } from '#lib/cli/command.ts'
import { openFront } from '#lib/cli/doctor/front.ts'
import { askFunction, readFunction, type Cloud } from '#lib/cli/doctor/function-compute.ts'
import { countVerdicts, printFindings } from '#lib/cli/doctor/print-findings.ts'
import { findDeployment, type DoctorFlags } from '#lib/cli/doctor/settings.ts'
import { EXIT, Failure, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { openSession, type Session } from '#lib/cli/session.ts'
import { toGateUrl } from '#lib/cli/settings.ts'

export function addDoctor(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'doctor',
    summary: 'Examine a deployment before trusting it; starts nothing, and needs credentials of the operator',
    examples: [
      'doctor --account 1234567890123456 --region cn-hangzhou',
      'doctor --instance i-bp67acfmxazb4p0001 --json',
    ],
    needs: 'gate',
  })
    .option('--account <id>', 'account of the deployment (default: that of STARTGATE_AUDIENCE)')
    .option('--region <region>', 'its region (default: that of STARTGATE_AUDIENCE)')
    .option('--gate <function>', 'name of the gate’s function (default: startgate-gate)')
    .option('--starter <function>', 'name of the starter’s function (default: that of STARTGATE_AUDIENCE)')
    .option('--instance <id>', 'try a dry run on this instance too; repeatable', collect)
    .option('--endpoint <url>', 'of Function Compute, where it is not that of the account and region')
    .addHelpText('after', `\n${CREDENTIALS}`)
    .action(async (flags: DoctorFlags) => finish(await doctor(io, flags)))
}

const CREDENTIALS = `Credentials are read from ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and, where they are
temporary, ALIBABA_CLOUD_SECURITY_TOKEN. They need fc:InvokeFunction, fc:GetFunction, fc:ListTriggers,
fc:GetAsyncInvokeConfig and fc:GetConcurrencyConfig on both functions.
Here 0 means that all is ok, 1 that something is wrong, 3 that something could not be examined.`

async function doctor(io: Io, flags: DoctorFlags): Promise<ExitCode> {
  const session = await openSession(io, { json: flags.json, url: flags.url })
  const { cloud, gate, starter } = findDeployment(io, flags, session.settings)
  const instances = checkInstances(flags.instance ?? [])
  const seen = await look(session, cloud, { gate, starter }, instances)
  const groups = examine(seen)
  if (session.json) session.out.json({ ...countVerdicts(groups), groups })
  else printFindings(session.out, groups)
  return toExit(groups)
}

async function look(
  session: Session,
  cloud: Cloud,
  names: { readonly gate: string; readonly starter: string },
  instances: readonly string[],
): Promise<Seen> {
  const { io, err, settings } = session
  const tell = (what: string) => {
    if (!err.isTTY) return
    err.clear()
    err.part({ style: 'dim', text: what })
  }
  const open = async (name: string): Promise<SeenFunction> => {
    const [answer, described] = await Promise.all([askFunction(cloud, name, instances), readFunction(cloud, name)])
    return { name, answer, ...described }
  }
  tell('Both functions examine themselves …')
  const [gate, starter] = await Promise.all([open(names.gate), open(names.starter)])
  const url = settings.url === undefined ? findOwnUrl(gate) : toGateUrl(settings.url)
  if (url !== undefined) tell(`Opening ${url.origin} …`)
  const front = url === undefined ? undefined : await openFront(io, url)
  err.clear()
  return { gate, starter, front }
}

/** Where the gate itself says that it is. */
function findOwnUrl({ answer }: SeenFunction): URL | undefined {
  const url = 'ok' in answer ? answer.ok.report.world?.publicUrl : undefined
  return url !== undefined && URL.canParse(url) ? new URL(url) : undefined
}

function checkInstances(ids: readonly string[]): readonly string[] {
  const wrong = ids.find((id) => !instanceIdSchema.safeParse(id).success)
  if (wrong === undefined) return ids
  throw new Failure(EXIT.usage, `${wrong} is no instance id.`, { next: ['It looks like i-bp67acfmxazb4p0001.'] })
}

function toExit(groups: readonly Group[]): ExitCode {
  const { wrong, unknown } = countVerdicts(groups)
  if (wrong > 0) return EXIT.refused
  return unknown > 0 ? EXIT.unreachable : EXIT.good
}
