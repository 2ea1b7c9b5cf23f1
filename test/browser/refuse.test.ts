// What must not count, and what must not be lost when something goes wrong.
import { createHash } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { PAGE_EN } from '#core/language/page-en.ts'
import { toSignedText } from '#core/signed-text.ts'
import { createStatement, type Evidence } from '#core/statement.ts'
import type { Summary } from '#support/api.ts'
import { openBrowser, WITHOUT_CHROMIUM } from '#support/browser.ts'
import { deploy, type Deployment } from '#support/deployment.ts'
import { openMirror, type Mirror } from '#support/mirror.ts'
import { anInstance, callsFor } from '#support/play.ts'
import { enrol, enrolAll, fillIn, press, visit, type Visitor } from '#support/visitor.ts'

const { form, decideScript } = PAGE_EN
const NAMES = ['finger', 'cancel', 'twice', 'mirror', 'phished', 'stranger', 'scanned']

/** Asks the passkeys of a page for a signature; no page of Startgate's is needed for that. */
const SIGN = `async ({ challenge, credential }) => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=/g, '')
  const { response } = await navigator.credentials.get({
    publicKey: {
      rpId: 'localhost',
      challenge: bytes(challenge),
      allowCredentials: [{ type: 'public-key', id: bytes(credential) }],
      userVerification: 'required',
    },
  })
  return {
    authenticatorData: text(response.authenticatorData),
    clientData: text(response.clientDataJSON),
    signature: text(response.signature),
  }
}`

describe.skipIf(WITHOUT_CHROMIUM)('on the page', () => {
  let deployment: Deployment
  let browser: Browser
  let mirror: Mirror
  let bob: Visitor

  beforeAll(async () => {
    const instances = [
      ...NAMES.map((name) => anInstance(`i-bp1${name}`)),
      anInstance('i-bp1stays', { tags: { team: 'scratch', startgate: 'allowed' } }),
    ]
    ;[deployment, browser] = await Promise.all([deploy({ instances }), openBrowser()])
    mirror = await openMirror(deployment.url)
    bob = await visit(browser, 'bob')
    await enrolAll(deployment, [bob], (same) => same)
  })
  afterAll(async () => {
    await browser?.close()
    await mirror?.close()
    await deployment?.close()
  })

  async function ask(name: string): Promise<Summary> {
    const { status, body } = await deployment.ask({ instanceId: `i-bp1${name}` })
    if (status !== 201) throw new Error(`${name} was not asked for: ${JSON.stringify(body)}`)
    return body
  }

  async function decisionsOn({ id }: Summary): Promise<readonly string[]> {
    const { asks } = await deployment.receipt(id)
    return asks.map(({ type }) => type).filter((type) => type === 'approved' || type === 'denied')
  }

  async function expectNothing(asked: Summary, name: string): Promise<void> {
    expect(await decisionsOn(asked)).toEqual([])
    expect(callsFor(deployment, `i-bp1${name}`)).toBe(0)
  }

  /** Another browser of bob's, with the same passkey. */
  async function bobAgain(): Promise<Visitor> {
    return visit(browser, 'bob', { credentials: await bob.authenticator.takeOut() })
  }

  async function expectAnswer({ page }: Visitor, text: string): Promise<void> {
    await page.getByRole('alert').getByText(text).waitFor()
  }

  test('a finger that does not fit signs nothing, and the form stays as it was', async () => {
    const visitor = await bobAgain()
    const asked = await ask('finger')
    await visitor.authenticator.setUserVerified(false)
    await fillIn(visitor, asked.review, 'For the report')
    await press(visitor, 'approve')
    await expectAnswer(visitor, decideScript.cancelled)

    await expectNothing(asked, 'finger')
    expect(await visitor.page.getByLabel(form.reason).inputValue()).toBe('For the report')
    expect(await visitor.page.getByRole('radio', { name: 'bob' }).isChecked()).toBe(true)

    await visitor.authenticator.setUserVerified(true)
    await press(visitor, 'approve')
    await expectAnswer(visitor, decideScript.approved)
    expect(await decisionsOn(asked)).toEqual(['approved'])
    expect(visitor.complaints).toEqual([])
  })

  test('a prompt that is cancelled signs nothing, and can be answered the next time', async () => {
    const visitor = await bobAgain()
    const asked = await ask('cancel')
    // What a browser answers when somebody closes its prompt.
    await visitor.page.addInitScript(`{
      const get = navigator.credentials.get.bind(navigator.credentials)
      let first = true
      navigator.credentials.get = async (options) => {
        if (!first) return get(options)
        first = false
        throw new DOMException('The operation was not allowed.', 'NotAllowedError')
      }
    }`)
    await fillIn(visitor, asked.review)
    await press(visitor, 'approve')
    await expectAnswer(visitor, decideScript.cancelled)
    await expectNothing(asked, 'cancel')

    await press(visitor, 'approve')
    await expectAnswer(visitor, decideScript.approved)
    expect(visitor.complaints).toEqual([])
  })

  test('what the page has answered stays while the state line goes on', async () => {
    const visitor = await bobAgain()
    const asked = await ask('stays')
    await visitor.authenticator.setUserVerified(false)
    await fillIn(visitor, asked.review)
    await press(visitor, 'approve')
    await expectAnswer(visitor, decideScript.cancelled)

    await deployment.approve(asked.id, 'carol')
    await visitor.page.locator('#headline', { hasText: '1 more approval' }).waitFor()
    expect(await visitor.page.getByRole('alert').innerText()).toBe(decideScript.cancelled)
  })

  test('a double tap decides once', async () => {
    const visitor = await bobAgain()
    const asked = await ask('twice')
    const sent: string[] = []
    visitor.page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.url())
    })
    await fillIn(visitor, asked.review)
    await visitor.page.getByRole('button', { name: form.approve, exact: true }).dblclick()
    await expectAnswer(visitor, decideScript.approved)

    expect(sent).toHaveLength(1)
    expect(await decisionsOn(asked)).toEqual(['approved'])
  })

  test('at another address the page offers no passkey, and says where it counts', async () => {
    const visitor = await bobAgain()
    const asked = await ask('mirror')
    const { page } = visitor
    await page.goto(asked.review.replace(deployment.origin, mirror.origin))
    await page.getByRole('link', { name: asked.review }).waitFor()
    expect(await page.getByRole('button', { name: form.approve }).isVisible()).toBe(false)

    await page.goto(`${mirror.origin}/enrol`)
    await page.getByRole('link', { name: `${deployment.origin}/enrol` }).waitFor()
    expect(await page.getByRole('button', { name: PAGE_EN.enrol.make }).isVisible()).toBe(false)
    expect(visitor.complaints).toEqual([])
  })

  test('what a passkey signs at another address counts for nothing, to the very same statement', async () => {
    const visitor = await bobAgain()
    const asked = await ask('phished')
    const [credential = ''] = (await bob.authenticator.takeOut()).map(({ credentialId }) => toBase64url(credentialId))
    const { proposal } = await deployment.show(asked.id)
    const statement = createStatement(proposal, 'approve', 'bob', Math.floor(Date.now() / 1000))
    const challenge = createHash('sha256').update(toSignedText(statement)).digest('base64url')
    const signAt = async (origin: string): Promise<Evidence> => {
      // A page without rules of its own for what may run on it.
      await visitor.page.goto(`${origin}/openapi.json`)
      const signed = await visitor.page.evaluate<Assertion>(`(${SIGN})(${JSON.stringify({ challenge, credential })})`)
      return { kind: 'passkey', statement: toCanonicalJson(statement), credential, ...signed }
    }

    const phished = await deployment.decide(asked.id, 'approve', await signAt(mirror.origin))
    expect(phished.status).toBe(403)
    await expectNothing(asked, 'phished')
    const honest = await deployment.decide(asked.id, 'approve', await signAt(deployment.origin))
    expect(honest.status).toBe(200)
  })

  test('a passkey that nobody reviewed into the policy signs nothing', async () => {
    const stranger = await visit(browser, 'bob')
    await enrol(stranger, deployment.origin)
    const asked = await ask('stranger')
    await fillIn(stranger, asked.review)
    await press(stranger, 'approve')
    await expectAnswer(stranger, decideScript.cancelled)

    await expectNothing(asked, 'stranger')
  })

  test('looking changes nothing, however often and whoever looks', async () => {
    const visitor = await bobAgain()
    const asked = await ask('scanned')
    await deployment.functions.idle()
    const before = await deployment.receipt(asked.id)
    const mark = deployment.cloud.spine.operations.mark()
    for (const url of [asked.review, `${deployment.origin}/enrol`]) {
      await visitor.page.goto(url)
      await visitor.page.reload()
      for (const method of ['GET', 'GET', 'HEAD', 'HEAD', 'OPTIONS']) {
        const answer = await fetch(url.replace(deployment.origin, deployment.url), { method })
        expect(answer.headers.getSetCookie()).toEqual([])
      }
    }

    const written = deployment.cloud.spine.operations
      .since(mark)
      .filter(({ operation, subject }) => /Put|Update|Delete|Batch/.test(operation) && subject.includes(asked.id))
    expect(written).toEqual([])
    expect(await deployment.receipt(asked.id)).toEqual(before)
    expect(await visitor.page.context().cookies()).toEqual([])
    expect(await visitor.page.context().storageState()).toEqual({ cookies: [], origins: [] })
  })
})

type Assertion = Pick<Extract<Evidence, { kind: 'passkey' }>, 'authenticatorData' | 'clientData' | 'signature'>

function toBase64url(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64url')
}
