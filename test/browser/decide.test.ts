// From a passkey that does not exist yet to a running instance, each person in a browser of their own.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DURATIONS } from '#core/durations.ts'
import { PAGE_EN } from '#core/language/page-en.ts'
import type { RequestId } from '#core/request-id.ts'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { judgeReceipt } from '#lib/cli/judge/judge-receipt.ts'
import { openBrowser, WITHOUT_CHROMIUM } from '#support/browser.ts'
import { deploy, type Deployment, type PolicyChange } from '#support/deployment.ts'
import { anInstance, callsFor, startsOf } from '#support/play.ts'
import { AUDIENCE, teamPolicy } from '#support/team.ts'
import { enrolAll, fillIn, press, visit, type Visitor } from '#support/visitor.ts'

const { form, request, states, decideScript } = PAGE_EN

const INSTANCES = [
  anInstance('i-bp1one', { name: 'reporting-1' }),
  anInstance('i-bp1no'),
  anInstance('i-bp1two', { tags: { team: 'scratch', startgate: 'allowed' } }),
  anInstance('i-bp1own', { tags: { team: 'vault', startgate: 'allowed' } }),
  anInstance('i-bp1wipe', {
    tags: { team: 'scratch', startgate: 'allowed' },
    localDisks: { amount: 1, capacityGb: 100 },
  }),
]

describe.skipIf(WITHOUT_CHROMIUM)('on the page', () => {
  let deployment: Deployment
  let browser: Browser
  let document: unknown
  let bob: Visitor
  let carol: Visitor

  const change: PolicyChange = (team) =>
    (document = {
      ...team,
      rules: [
        ...team.rules,
        {
          name: 'vault',
          requesters: ['alice'],
          instances: { tags: { team: 'vault' } },
          approvers: ['bob', 'carol'],
          tool: 'own-tool',
          validFor: '1h',
        },
      ],
    })

  beforeAll(async () => {
    ;[deployment, browser] = await Promise.all([deploy({ instances: INSTANCES, policy: change }), openBrowser()])
    ;[bob, carol] = await Promise.all([visit(browser, 'bob'), visit(browser, 'carol')])
    await enrolAll(deployment, [bob, carol], change)
  })
  afterAll(async () => {
    await browser?.close()
    await deployment?.close()
  })
  beforeEach(() => async () => expect([...bob.complaints, ...carol.complaints]).toEqual([]))

  async function ask(instanceId: string, more: object = {}): Promise<{ id: RequestId; review: string }> {
    const { status, body } = await deployment.ask({ instanceId, ...more })
    if (status !== 201) throw new Error(`${instanceId} was not asked for: ${JSON.stringify(body)}`)
    return body
  }

  const stateOf = ({ page }: Visitor) => page.locator('#state-word')
  const answerTo = ({ page }: Visitor) => page.getByRole('alert')

  async function expectState(visitor: Visitor, state: keyof typeof states): Promise<void> {
    await stateOf(visitor).getByText(states[state], { exact: true }).waitFor()
  }

  async function expectAnswer(visitor: Visitor, text: string): Promise<void> {
    await answerTo(visitor).getByText(text).waitFor()
  }

  test('enrolled, reviewed into the policy, approved: it runs, and the receipt proves it', async () => {
    const { id, review } = await ask('i-bp1one')
    await fillIn(bob, review)
    await press(bob, 'approve')
    await expectAnswer(bob, decideScript.approved)
    await expectState(bob, 'running')

    expect(startsOf(deployment, 'i-bp1one')).toBe(1)
    const receipt = await deployment.receipt(id)
    expect(receipt.asks[1]).toMatchObject({
      type: 'approved',
      body: { approver: 'bob', evidence: { kind: 'passkey' } },
    })
    const judgement = await judgeReceipt({
      receipt: { audience: AUDIENCE, ...receipt },
      policy: teamPolicy(document),
      verifier: createEvidenceVerifier(),
      heads: [],
      audience: AUDIENCE,
      now: Date.now(),
      durations: DURATIONS,
    })
    expect(judgement.checks.filter(({ verdict }) => verdict === 'wrong')).toEqual([])
    expect(judgement.verified).toBe(true)
  })

  test('denied with a reason, and not without: nothing starts', async () => {
    const { id, review } = await ask('i-bp1no')
    await fillIn(carol, review)
    await press(carol, 'deny')
    await expectAnswer(carol, decideScript.reasonMissing)
    expect((await deployment.show(id)).state).toBe('pending')

    await carol.page.getByLabel(form.reason).fill('Not before the audit')
    await press(carol, 'deny')
    await expectAnswer(carol, decideScript.stopped)
    await expectState(carol, 'denied')
    expect(await carol.page.locator('#headline').innerText()).toContain('Not before the audit')
    expect(callsFor(deployment, 'i-bp1no')).toBe(0)
  })

  test('two people for a rule that wants two: the first alone starts nothing', async () => {
    const { id, review } = await ask('i-bp1two')
    await Promise.all([fillIn(bob, review), fillIn(carol, review)])
    await press(bob, 'approve')
    await expectAnswer(bob, decideScript.approved)
    expect((await deployment.show(id)).state).toBe('pending')
    expect(callsFor(deployment, 'i-bp1two')).toBe(0)

    await press(carol, 'approve')
    await Promise.all([expectState(bob, 'running'), expectState(carol, 'running')])
    expect(startsOf(deployment, 'i-bp1two')).toBe(1)
  })

  test('a rule that wants one’s own tool: the page says so, and its yes alone starts nothing', async () => {
    const { id, review } = await ask('i-bp1own')
    await fillIn(bob, review)
    await bob.page.getByText(request.ownTool).waitFor()
    await press(bob, 'approve')
    await expectAnswer(bob, decideScript.approved)
    await deployment.functions.idle()
    expect((await deployment.show(id)).state).toBe('pending')
    expect(callsFor(deployment, 'i-bp1own')).toBe(0)

    await deployment.approve(id, 'carol')
    await expectState(bob, 'running')
    expect(startsOf(deployment, 'i-bp1own')).toBe(1)
  })

  test('local disks are wiped for who typed the id of the instance, and a terminal', async () => {
    const { id, review } = await ask('i-bp1wipe', { initLocalDisk: true })
    await fillIn(bob, review)
    for (const typed of ['', 'i-bp1wip']) {
      await bob.page.getByLabel(form.confirm).fill(typed)
      await press(bob, 'approve')
      await expectAnswer(bob, decideScript.notConfirmed)
    }
    expect((await deployment.receipt(id)).asks.map(({ type }) => type)).not.toContain('approved')

    await bob.page.getByLabel(form.confirm).fill('i-bp1wipe')
    await press(bob, 'approve')
    await expectAnswer(bob, decideScript.approved)
    await deployment.approve(id, 'carol')
    await expectState(bob, 'running')
    expect(deployment.cloud.ecs.instances.starts('i-bp1wipe')).toMatchObject([{ initLocalDisk: true }])
  })
})
