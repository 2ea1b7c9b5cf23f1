// From a passkey that does not exist yet to a running instance, each person in a browser of their own.
import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PAGE_EN } from '#core/language/page-en.ts'
import { PAGE_ZH } from '#core/language/page-zh.ts'
import { openBrowser, WITHOUT_CHROMIUM } from '#support/browser.ts'
import { deploy, type Deployment, type PolicyChange } from '#support/deployment.ts'
import { expectProof } from '#support/expect-proof.ts'
import { anInstance, askFor, callsFor, startsOf, type Played } from '#support/play.ts'
import { takePictures } from '#support/picture.ts'
import { enrolAll, fillIn, press, visit, type Visitor } from '#support/visitor.ts'

const { form, request, states, decideScript } = PAGE_EN

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
    ;[deployment, browser] = await Promise.all([deploy({ policy: change }), openBrowser()])
    ;[bob, carol] = await Promise.all([visit(browser, 'bob'), visit(browser, 'carol')])
    await enrolAll(deployment, [bob, carol], change)
  })
  afterAll(async () => {
    await browser?.close()
    await deployment?.close()
  })
  beforeEach(() => {
    const before = [bob, carol].map(({ complaints }) => complaints.length)
    return () => expect([bob, carol].flatMap(({ complaints }, n) => complaints.slice(before[n]))).toEqual([])
  })

  /** For an instance of its own, whose tag chooses the rule. */
  async function ask(team: string, more: object = {}): Promise<Played & { readonly url: string }> {
    const instanceId = `i-bp1${randomUUID().replaceAll('-', '')}`
    const tags = { team, startgate: 'allowed' }
    const localDisks = { amount: 1, capacityGb: 100 }
    deployment.cloud.ecs.instances.add(anInstance(instanceId, { tags, localDisks }))
    const played = await askFor(deployment, instanceId, more)
    return { ...played, url: `${deployment.origin}/r/${played.id}` }
  }

  const stateOf = ({ page }: Visitor) => page.locator('#state-word')
  const answerTo = ({ page }: Visitor) => page.getByRole('alert')

  async function expectState(visitor: Visitor, state: keyof typeof states): Promise<void> {
    await stateOf(visitor).getByText(states[state], { exact: true }).waitFor()
  }

  async function expectAnswer(visitor: Visitor, text: string): Promise<void> {
    await answerTo(visitor).getByText(text).waitFor()
  }

  /** Besides the answer: nothing on the page contradicts what has come since it was opened. */
  async function expectAsLoadedAnew({ page, complaints }: Visitor, url: string): Promise<void> {
    const loaded = await page.context().newPage()
    await loaded.goto(url)
    const read = async (where: Page): Promise<readonly string[]> =>
      where.locator('main > :not(:has(#answer), :has(#timeline))').allInnerTexts()
    expect(await read(page)).toEqual(await read(loaded))
    expect(await page.title()).toBe(await loaded.title())
    // Of what is told once it is over, a fresh page knows more.
    const events = await page.locator('ol li').allInnerTexts()
    expect((await loaded.locator('ol li').allInnerTexts()).slice(0, events.length)).toEqual(events)
    expect(await page.locator('form:visible, details#terminal').count()).toBe(0)
    expect(complaints).toEqual([])
    await loaded.close()
  }

  test('enrolled, reviewed into the policy, approved: it runs, and the receipt proves it', async () => {
    const { id, instanceId, url } = await ask('reporting')
    await fillIn(bob, url)
    await press(bob, 'approve')
    await expectAnswer(bob, decideScript.approved)
    await expectState(bob, 'running')
    await expectAsLoadedAnew(bob, url)
    await expectAnswer(bob, decideScript.approved)
    await takePictures(bob.page, 'approved')

    expect(startsOf(deployment, instanceId)).toBe(1)
    const receipt = await deployment.receipt(id)
    expect(receipt.asks.find(({ type }) => type === 'approved')).toMatchObject({
      body: { approver: 'bob', evidence: { kind: 'passkey' } },
    })
    await expectProof(receipt, document)
  })

  test('denied with a reason, and not without: nothing starts', async () => {
    const { id, instanceId, url } = await ask('reporting')
    await fillIn(carol, url)
    await press(carol, 'deny')
    await expectAnswer(carol, decideScript.reasonMissing)
    expect((await deployment.show(id)).state).toBe('pending')

    await carol.page.getByLabel(form.reason).fill('Not before the audit')
    await press(carol, 'deny')
    await expectAnswer(carol, decideScript.stopped)
    await expectState(carol, 'denied')
    expect(await carol.page.locator('#headline').innerText()).toContain('Not before the audit')
    expect(callsFor(deployment, instanceId)).toBe(0)
  })

  test('in Chinese a no is all there, and the answer has the keyboard', async () => {
    const { url, instanceId } = await ask('reporting')
    const { page } = carol
    const chinese = `${url}?lang=zh-CN`
    await page.goto(chinese)
    await page.getByRole('radio', { name: 'carol' }).check()
    await page.getByLabel(PAGE_ZH.form.reason).fill('审计之前不行')
    await page.getByRole('button', { name: PAGE_ZH.form.deny, exact: true }).click()
    await expectAnswer(carol, PAGE_ZH.decideScript.stopped)
    await stateOf(carol).getByText(PAGE_ZH.states.denied, { exact: true }).waitFor()
    await page.getByRole('heading', { name: PAGE_ZH.request.factsOver }).waitFor()
    await expectAsLoadedAnew(carol, chinese)
    expect(await page.evaluate('document.activeElement.id')).toBe('answer')
    await takePictures(page, 'denied-now-zh-CN')
    expect(callsFor(deployment, instanceId)).toBe(0)
  })

  test('who was still writing when it ended is brought to how it ended', async () => {
    const { id, url } = await ask('reporting')
    await fillIn(bob, url, 'For the report')
    await deployment.deny(id)
    await bob.page.getByRole('heading', { name: request.factsOver }).waitFor()
    await expectState(bob, 'denied')
    await expectAsLoadedAnew(bob, url)
    expect(await bob.page.evaluate('document.activeElement.id')).toBe('state')
  })

  test('two people for a rule that wants two: the first alone starts nothing', async () => {
    const { id, instanceId, url } = await ask('scratch')
    await Promise.all([fillIn(bob, url), fillIn(carol, url)])
    await press(bob, 'approve')
    await expectAnswer(bob, decideScript.approved)
    expect((await deployment.show(id)).state).toBe('pending')
    expect(callsFor(deployment, instanceId)).toBe(0)
    for (const { page } of [bob, carol]) {
      await page.getByText(request.count(1, 2)).waitFor()
      await page.locator('ol li', { hasText: 'bob approved it' }).waitFor()
    }
    expect(await carol.page.getByRole('radio', { name: 'carol' }).isChecked()).toBe(true)

    await press(carol, 'approve')
    await Promise.all([expectState(bob, 'running'), expectState(carol, 'running')])
    expect(startsOf(deployment, instanceId)).toBe(1)
  })

  test('a rule that wants one’s own tool: the page says so, and its yes alone starts nothing', async () => {
    const { id, instanceId, url } = await ask('vault')
    await fillIn(bob, url)
    await bob.page.getByText(request.ownTool).waitFor()
    await press(bob, 'approve')
    await expectAnswer(bob, decideScript.approved)
    await bob.page.locator('#headline', { hasText: 'in a terminal, with a tool of one’s own' }).waitFor()
    deployment.functions.fireTimer('starter', 'sweep')
    await deployment.functions.idle()
    expect((await deployment.show(id)).state).toBe('pending')
    expect(callsFor(deployment, instanceId)).toBe(0)

    await deployment.approve(id, 'carol')
    await expectState(bob, 'running')
    expect(startsOf(deployment, instanceId)).toBe(1)
  })

  test('local disks are wiped for who typed the id of the instance, and a terminal', async () => {
    const { id, instanceId, url } = await ask('scratch', { initLocalDisk: true })
    await fillIn(bob, url)
    for (const typed of ['', instanceId.slice(0, -1)]) {
      await bob.page.getByLabel(form.confirm).fill(typed)
      await press(bob, 'approve')
      await expectAnswer(bob, decideScript.notConfirmed)
    }
    expect((await deployment.receipt(id)).asks.map(({ type }) => type)).not.toContain('approved')

    await bob.page.getByLabel(form.confirm).fill(instanceId)
    await press(bob, 'approve')
    await expectAnswer(bob, decideScript.approved)
    await deployment.approve(id, 'carol')
    await expectState(bob, 'running')
    expect(deployment.cloud.ecs.instances.starts(instanceId)).toMatchObject([{ initLocalDisk: true }])
  })
})
