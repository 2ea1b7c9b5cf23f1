// How each member of the policy file may look: shown by editors, and to whoever wrote one that is refused.

const INSTANT = '2027-01-01T00:00:00Z'
const INSTANCE = 'i-bp67acfmxazb4p3ujhx1'
const KEY = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
const ASK = { instanceId: INSTANCE, reason: 'The nightly run' }
const HOURS = { days: ['mon', 'tue'], from: '08:00', to: '20:00' }
const FREEZE = { name: 'year-end', from: '2026-12-24T00:00:00+08:00', until: '2027-01-02T00:00:00+08:00' }

/** By the member, and the one that it stands in; between them, entries of lists and names that people choose do not count. */
export const POLICY_EXAMPLES: Readonly<Record<string, unknown>> = {
  example: true,
  page: { origin: 'https://gate.example.com' },
  'page.origin': 'https://gate.example.com',
  timeZone: 'Asia/Shanghai',

  people: { alice: { keys: [KEY] } },
  'people.keys': [KEY],
  'people.tell': ['ops-room'],
  groups: { leads: ['bob', 'carol'] },

  'keys.kty': KEY.kty,
  'keys.crv': KEY.crv,
  'keys.x': KEY.x,
  'keys.y': KEY.x,
  'keys.n': 'sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1Wl…',
  'keys.e': 'AQAB',
  'keys.ssh': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA… alice@laptop',
  'keys.passkey': 'AAECAwQFBgcICQoLDA0ODw',
  'keys.from': INSTANT,
  'keys.until': INSTANT,

  machines: { 'deploy-bot': { webhook: { v1: true } } },
  'machines.keys': [KEY],
  'machines.tell': ['ops-room'],
  'machines.mayActFor': ['alice'],
  'machines.webhook': { v1: true },
  'webhook.v1': true,
  'webhook.v1a': ['whpk_J4EX/BRMcjQPZ9DyMW6Dhs7/vyskKMnFH+98WX8dQm4='],

  schedules: { nightly: { owner: 'alice', ask: ASK } },
  'schedules.owner': 'alice',
  'schedules.ask': ASK,
  'ask.accountId': '1234567890123456',
  'ask.regionId': 'cn-hangzhou',
  'ask.instanceId': INSTANCE,
  'ask.reason': ASK.reason,
  'ask.startIn': '30m',
  'ask.initLocalDisk': false,
  'ask.dryRun': false,

  receivers: { 'ops-room': { url: 'https://ops.example.com/startgate' } },
  'receivers.url': 'https://ops.example.com/startgate',
  aliases: { 'report-db': { instanceId: INSTANCE, regionId: 'cn-hangzhou' } },
  'aliases.instanceId': INSTANCE,
  'aliases.regionId': 'cn-hangzhou',
  'aliases.accountId': '1234567890123456',
  mayRead: ['carol'],
  freezes: [FREEZE],
  'freezes.name': FREEZE.name,
  'freezes.from': FREEZE.from,
  'freezes.until': FREEZE.until,
  'freezes.rules': ['reporting'],

  rules: [{ name: 'all', requesters: ['alice'], instances: {}, approvers: ['bob'], validFor: '2h' }],
  'rules.name': 'reporting',
  'rules.requesters': ['alice', 'deploy-bot'],
  'rules.instances': { regions: ['cn-hangzhou'], tags: { team: 'reporting' } },
  'instances.accounts': ['1234567890123456'],
  'instances.regions': ['cn-hangzhou'],
  'instances.ids': [INSTANCE],
  'instances.tags': { team: 'reporting' },
  'rules.approvals': 2,
  'rules.approvers': ['bob', 'carol'],
  'rules.oneOfEach': ['leads', 'operations'],
  'rules.tool': 'own-tool',
  'rules.validFor': '2h',
  'rules.hours': [HOURS],
  'hours.days': HOURS.days,
  'hours.from': HOURS.from,
  'hours.to': HOURS.to,
  'rules.attempts': 3,
  'rules.mayInitLocalDisk': false,
  'rules.machinesAlone': 'one approval is enough',
  'rules.mayCancel': ['carol'],
  'rules.tell': ['ops-room'],
}
