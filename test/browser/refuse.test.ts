// What must not count, and what must not be lost when something goes wrong.
import { createHash, randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { PAGE_EN } from '#core/language/page-en.ts'
import { toSignedText } from '#core/signed-text.ts'
import { createStatement, type Evidence } from '#core/statement.ts'
import { openBrowser, WITHOUT_CHROMIUM } from '#support/browser.ts'
import { deploy, type Deployment } from '#support/deployment.ts'
import { openMirror, type Mirror } from '#support/mirror.ts'
import { anInstance, askFor, callsFor, type Played } from '#support/play.ts'
import { enrol, enrolAll, fillIn, press, visit, type Visitor } from '#support/visitor.ts'

const { form, decideScript } = PAGE_EN

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
    ;[deployment, browser] = await Promise.all([deploy(), openBrowser()])
    mirror = await openMirror(deployment.url)
    bob = await visit(browser, 'bob')
    await enrolAll(deployment, [bob], (same) => same)
  })
  afterAll(async () => {
    await browser?.close()
    await mirror?.close()
    await deployment?.close()
  })

  /** For an instance of its own, whose tag chooses the rule. */
  async function ask(team = 'reporting'): Promise<Asked> {
    const instanceId = `i-bp1${randomUUID().replaceAll('-', '')}`
    deployment.cloud.ecs.instances.add(anInstance(instanceId, { tags: { team, startgate: 'allowed' } }))
    const played = await askFor(deployment, instanceId)
    return { ...played, path: `/r/${played.id}`, url: `${deployment.origin}/r/${played.id}` }
  }

  async function decisionsOn({ id }: Asked): Promise<readonly string[]> {
    const { asks } = await deployment.receipt(id)
    return asks.map(({ type }) => type).filter((type) => type === 'approved' || type === 'denied')
  }

  async function expectNothing(asked: Asked): Promise<void> {
    expect(await decisionsOn(asked)).toEqual([])
    expect(callsFor(deployment, asked.instanceId)).toBe(0)
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
    const asked = await ask()
    await visitor.authenticator.setUserVerified(false)
    await fillIn(visitor, asked.url, 'For the report')
    await press(visitor, 'approve')
    await expectAnswer(visitor, decideScript.cancelled)

    await expectNothing(asked)
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
    const asked = await ask()
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
    await fillIn(visitor, asked.url)
    await press(visitor, 'approve')
    await expectAnswer(visitor, decideScript.cancelled)
    await expectNothing(asked)

    await press(visitor, 'approve')
    await expectAnswer(visitor, decideScript.approved)
    expect(visitor.complaints).toEqual([])
  })

  test('what the page has answered stays while the state line goes on', async () => {
    const visitor = await bobAgain()
    const asked = await ask('scratch')
    await visitor.authenticator.setUserVerified(false)
    await fillIn(visitor, asked.url)
    await press(visitor, 'approve')
    await expectAnswer(visitor, decideScript.cancelled)

    await deployment.approve(asked.id, 'carol')
    await visitor.page.locator('#headline', { hasText: '1 more approval' }).waitFor()
    expect(await visitor.page.getByRole('alert').innerText()).toBe(decideScript.cancelled)
  })

  test('a double tap decides once', async () => {
    const visitor = await bobAgain()
    const asked = await ask()
    const sent: string[] = []
    visitor.page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.url())
    })
    await fillIn(visitor, asked.url)
    await visitor.page.getByRole('button', { name: form.approve, exact: true }).dblclick()
    await expectAnswer(visitor, decideScript.approved)

    expect(sent).toHaveLength(1)
    expect(await decisionsOn(asked)).toEqual(['approved'])
  })

  test('at another address the page offers no passkey, and says where it counts', async () => {
    const visitor = await bobAgain()
    const asked = await ask()
    const { page } = visitor
    await page.goto(`${mirror.origin}${asked.path}`)
    await page.getByRole('link', { name: asked.url }).waitFor()
    expect(await page.getByRole('button', { name: form.approve }).isVisible()).toBe(false)

    await page.goto(`${mirror.origin}/enrol`)
    await page.getByRole('link', { name: `${deployment.origin}/enrol` }).waitFor()
    expect(await page.getByRole('button', { name: PAGE_EN.enrol.make }).isVisible()).toBe(false)
    expect(visitor.complaints).toEqual([])
  })

  test('what a passkey signs at another address counts for nothing, to the very same statement', async () => {
    const visitor = await bobAgain()
    const asked = await ask()
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
    await expectNothing(asked)
    const honest = await deployment.decide(asked.id, 'approve', await signAt(deployment.origin))
    expect(honest.status).toBe(200)
  })

  test('a passkey that nobody reviewed into the policy signs nothing', async () => {
    const stranger = await visit(browser, 'bob')
    await enrol(stranger, deployment.origin)
    const asked = await ask()
    await fillIn(stranger, asked.url)
    await press(stranger, 'approve')
    await expectAnswer(stranger, decideScript.cancelled)

    await expectNothing(asked)
  })

  test('looking changes nothing, however often and whoever looks', async () => {
    const visitor = await bobAgain()
    const asked = await ask()
    await deployment.functions.idle()
    const before = await deployment.receipt(asked.id)
    const mark = deployment.cloud.spine.operations.mark()
    for (const url of [asked.url, `${deployment.origin}/enrol`]) {
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

interface Asked extends Played {
  readonly path: string
  readonly url: string
}

type Assertion = Pick<Extract<Evidence, { kind: 'passkey' }>, 'authenticatorData' | 'clientData' | 'signature'>

function toBase64url(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64url')
}
