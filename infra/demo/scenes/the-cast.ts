import { FLEET } from '#infra/demo/fleet.ts'
import type { Stage } from '#infra/demo/stage.ts'

export function theCast({ narrator }: Stage): void {
  narrator.say(
    'The official SDKs talk to this cloud over sockets; it verifies signatures and enforces roles like the real one.',
    'Only waits are shortened: where the functions wait for a minute, here they wait for three seconds. These are its',
    'machines:',
  )
  const rows = FLEET.map(({ id, name = '', type = '', status = 'Stopped', stoppedMode, localDisks }) => [
    id,
    name,
    type,
    status,
    stoppedMode === 'StopCharging' ? 'economical' : localDisks === undefined ? '' : 'local disks',
  ])
  narrator.table([['Instance', 'Name', 'Type', 'Status', ''], ...rows])
  narrator.say(
    'The policy names mei, who asks; chen and lin, who approve, each with keys that nobody else has; deploy-bot, a',
    'machine; and a timer. Their keys were made a moment ago and are gone when this ends.',
  )
  narrator.say(
    'ops-room is a tool of the team: it repeats what the gate tells it, once it has verified the signature. Of what',
    'commands print, this story shows the lines that matter, with long hashes cut.',
  )
}
