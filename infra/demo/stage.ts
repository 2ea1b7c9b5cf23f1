// Everything that the story plays on: the build, the local cloud with the two functions in it, and a terminal for everybody.
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from '#infra/build/build.ts'
import { placePolicy } from '#infra/build/place-policy.ts'
import { createLocalCloud, type LocalCloud } from '#infra/local/cloud.ts'
import { deployedFunctions } from '#infra/local/deployed-functions.ts'
import type { FunctionCompute } from '#infra/local/fc/function-compute.ts'
import type { Operation } from '#infra/local/spine.ts'
import { createCast, type Cast } from './cast.ts'
import type { Cleanup } from './cleanup.ts'
import { FLEET, nameOf } from './fleet.ts'
import { createGateClient, type GateClient } from './gate-client.ts'
import type { Narrator } from './narrator.ts'
import { createOpsRoom, type OpsRoom } from './ops-room.ts'
import type { PolicyKey, PolicyParts } from './policy.ts'
import { createStartgateCommand, type StartgateCommand } from './startgate-command.ts'
import { createTeamChats, type TeamChats } from './team-chats.ts'

/** Twenty times faster than the real thing: a minute lasts three seconds. */
const TIME_SCALE = 20

export interface Stage {
  readonly narrator: Narrator
  /** Outside the repository, readable by its owner alone, and removed at the end. */
  readonly folder: string
  readonly cast: Cast
  readonly cloud: LocalCloud<FunctionCompute>
  readonly functions: FunctionCompute
  readonly gate: GateClient
  readonly audience: string
  readonly room: OpsRoom
  readonly chats: TeamChats
  readonly startgate: StartgateCommand
  /** What is deployed, and the file of the command. */
  readonly artifact: string
  readonly cli: string
  /** Puts a passkey of the visitor into the policy, in place of the one before, and deploys both functions with it. */
  readonly admit: (key: PolicyKey) => Promise<void>
}

interface Deployed extends FunctionCompute, Pick<Stage, 'cast' | 'artifact' | 'cli'> {
  readonly origin: string
}

export async function openStage(narrator: Narrator, cleanup: Cleanup, visitor: readonly PolicyKey[]): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'startgate-demo-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  cleanup.add(() => {
    remove()
    narrator.good('everything is taken down, and the keys of this story are removed')
  })
  // Whatever the end is: nothing may be left of the keys.
  process.once('exit', remove)
  const room = await createOpsRoom()
  cleanup.add(room.close)
  const chats = await createTeamChats()
  cleanup.add(chats.close)

  const opening = createLocalCloud({
    instances: FLEET,
    functions: (place) => deploy(place, { narrator, folder, chats, roomUrl: room.url, visitor }),
    onOperation: (operation) => tellStart(narrator, operation),
  })
  const cloud = await narrator.during('starting the local cloud', opening)
  cleanup.add(cloud.close)
  const { functions, spine } = cloud
  if (functions === undefined) throw new Error('the functions were not deployed')
  narrator.good('local cloud is up: Tablestore, ECS, RAM and Function Compute, on ports of this machine')

  const { cast, origin, artifact, cli } = functions
  room.open(cast.gateKey.publicKey, ({ instanceId, state, headline }) =>
    narrator.news(`ops-room hears: ${nameOf(instanceId)} is ${state}${state === 'pending' ? `. ${headline}` : ''}`),
  )
  const audience = `${spine.accountId}/${spine.region}/${spine.names.starter}`
  const startgate = createStartgateCommand({ cli, cast, folder, url: origin, audience, narrator, cleanup })
  const gate = createGateClient(origin)
  const admit = async (key: PolicyKey) => {
    await cast.admit(key)
    const changed = await mkdtemp(join(folder, 'function-'))
    await placePolicy(artifact, cast.policyFile, changed)
    for (const fn of ['starter', 'gate']) functions.deploy(fn, changed)
  }
  return { narrator, folder, cast, cloud, functions, gate, audience, room, chats, startgate, artifact, cli, admit }
}

/** Passkeys are bound to the address of the page, so what is deployed begins with the address. */
async function deploy(
  place: Parameters<ReturnType<typeof deployedFunctions>>[0],
  {
    narrator,
    folder,
    chats,
    ...parts
  }: Pick<Stage, 'narrator' | 'folder' | 'chats'> & Pick<PolicyParts, 'roomUrl' | 'visitor'>,
): Promise<Deployed> {
  // Not the IP address, which WebAuthn does not take.
  const origin = `http://localhost:${new URL(place.endpoints.http['gate'] ?? '').port}`
  const cast = await createCast(folder, { ...parts, origin })
  const building = build({ policyFile: cast.policyFile, outDir: join(folder, 'dist') })
  const { artifact, cli } = await narrator.during('building the functions and the startgate command', building)
  narrator.good('built: both functions, with the policy of this story inside, and the startgate command')

  const environment = {
    PUBLIC_URL: origin,
    VIEW_KEY: randomBytes(32).toString('hex'),
    GATE_SIGNING_KEY: cast.gateKey.whsk,
    CALLER_SECRET_DEPLOY_BOT: cast.botSecret,
    ...chats.environment,
  }
  const functions = deployedFunctions({ artifact, environment, timeScale: TIME_SCALE })(place)
  return { ...functions, cast, origin, artifact, cli }
}

/** Of all cloud calls only the one that matters is worth a line each time. */
function tellStart(narrator: Narrator, { operation, role, subject, status, code, fault }: Operation): void {
  if (operation !== 'StartInstance') return
  const answer = fault === 'lost' ? 'carried out, and the answer is lost' : `${status} ${code ?? 'OK'}`
  narrator.cloud(`the ${role} calls StartInstance ${subject}: ${answer}`)
}
