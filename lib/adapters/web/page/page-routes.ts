// The page that people decide on, and the one that makes passkeys. Whoever knows the id of a request may look; nothing here
// changes anything: decisions are signed in the browser and posted to the same address as every other one.
import type { RoutesOptions } from '#adapters/web/routes.ts'
import type { Call } from '#adapters/web/door.ts'
import { createHono, type App } from '#adapters/web/hono.ts'
import { noteFault, sendRefusal } from '#adapters/web/respond.ts'
import { toView } from '#adapters/web/summary.ts'
import { createResponse } from '#core/http-message.ts'
import { LANGUAGE_TAGS, pickLanguage, type Language } from '#core/language/language.ts'
import { toProblem } from '#core/problem.ts'
import { isRequestId } from '#core/request-id.ts'
import { load } from '#flow/load.ts'
import { renderDocument, toPolicyHeader, type Page, type PageAssets } from './document.ts'
import { toEnrolPage } from './enrol-page.ts'
import { toHomePage } from './home-page.ts'
import { toProblemPage } from './problem-page.ts'
import { toRequestPage } from './request-page.ts'

/** Of all that a browser can do for a page, passkeys alone. */
const PERMISSIONS = [
  'publickey-credentials-get=(self)',
  'publickey-credentials-create=(self)',
  ...['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'usb'].map((name) => `${name}=()`),
].join(', ')

export function addPageRoutes(app: App, { deps, publicUrl, page: readAssets }: RoutesOptions): void {
  const assets = once(() => {
    const texts = readAssets()
    return { ...texts, policy: toPolicyHeader(texts) }
  })
  const send = async (c: Call, page: Page, status = 200): Promise<Response> => {
    const language = c.get('language')
    const { policy, ...texts } = assets()
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-language': LANGUAGE_TAGS[language],
      'content-security-policy': policy,
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': PERMISSIONS,
      'x-robots-tag': 'noindex',
    }
    return createResponse({ body: await renderDocument(page, language, texts), status, headers })
  }
  const sendProblem = (c: Call, problem: Parameters<typeof toProblemPage>[0]): Promise<Response> =>
    send(c, toProblemPage(problem, c.get('language')), problem.status)

  const pages = createHono()
  pages.onError(async (error, c) => {
    const { problem, headers } = noteFault(c, error)
    const answer = await sendProblem(c, problem)
    for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value)
    return answer
  })

  pages.get('/r/:id', async (c) => {
    const language = chooseLanguage(c)
    const id = c.req.param('id')
    const loaded = isRequestId(id) ? await load(deps, id) : undefined
    if (loaded === undefined) return sendProblem(c, toProblem({ reason: 'no_such_request' }, language))
    const view = toView(loaded, language)
    const { proposal, asks } = loaded
    const shown = { proposal, asks, view, policy: deps.policy, now: deps.clock.now(), url: publicUrl }
    return send(c, toRequestPage(shown, language))
  })

  pages.get('/enrol', (c) => send(c, toEnrolPage(deps.policy.page?.origin, `${publicUrl}/enrol`, chooseLanguage(c))))

  // Only for who wants to read: to a program there is nothing here.
  pages.get('/', (c) =>
    (c.req.header('accept') ?? '').includes('text/html')
      ? send(c, toHomePage(chooseLanguage(c)))
      : sendRefusal(c, { reason: 'not_found' }),
  )

  app.route('/', pages)
}

/** The address goes before what the browser asks for, so that either language can be chosen with a link. */
function chooseLanguage(c: Call): Language {
  const asked = c.req.query('lang')
  if (asked !== undefined) c.set('language', pickLanguage(asked))
  return c.get('language')
}

function once(read: () => PageAssets & { readonly policy: string }): typeof read {
  let kept: ReturnType<typeof read> | undefined
  return () => (kept ??= read())
}
