// One person in front of the page: a browser context of their own, with an authenticator in it.
import { parse } from 'yaml'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { PAGE_EN } from '#core/language/page-en.ts'
import { addAuthenticator, listenForComplaints, type Authenticator, type Credential } from './browser.ts'
import type { Deployment, PolicyChange } from './deployment.ts'
import type { teamDocument } from './team.ts'

const PHONE = { width: 360, height: 740 }

export interface Visitor {
  readonly name: string
  readonly page: Page
  readonly authenticator: Authenticator
  /** See `listenForComplaints`. */
  readonly complaints: readonly string[]
}

interface VisitorOptions extends BrowserContextOptions {
  /** Passkeys from another page of the same person. */
  readonly credentials?: readonly Credential[]
}

export async function visit(browser: Browser, name: string, options: VisitorOptions = {}): Promise<Visitor> {
  const { credentials, ...context } = options
  const opened = await browser.newContext({ viewport: PHONE, locale: 'en-GB', ...context })
  // What the page does not do soon it does not do.
  opened.setDefaultTimeout(10_000)
  const page = await opened.newPage()
  const complaints = listenForComplaints(page)
  return { name, page, complaints, authenticator: await addAuthenticator(page, credentials) }
}

/** Makes a passkey on the page, and resolves with the line for the policy as the page prints it. */
export async function enrol({ page, name }: Visitor, origin: string): Promise<string> {
  await page.goto(`${origin}/enrol`)
  await page.getByLabel(PAGE_EN.enrol.name).fill(name)
  await page.getByRole('button', { name: PAGE_EN.enrol.make }).click()
  await page.getByRole('heading', { name: PAGE_EN.enrol.made }).waitFor()
  return page.locator('#line').innerText()
}

/** The lines as whoever keeps the policy puts them there, beside the keys that were there before. */
export function withLines(document: ReturnType<typeof teamDocument>, lines: ReadonlyMap<string, string>) {
  const people = { ...(document['people'] as Record<string, { keys: readonly unknown[] }>) }
  for (const [name, line] of lines) {
    const added = parse(line) as readonly unknown[]
    people[name] = { ...people[name], keys: [...(people[name]?.keys ?? []), ...added] }
  }
  return { ...document, people }
}

/** Enrols each of these people and has their lines reviewed into the policy. */
export async function enrolAll(deployment: Deployment, visitors: readonly Visitor[], change: PolicyChange) {
  const lines = new Map<string, string>()
  for (const visitor of visitors) lines.set(visitor.name, await enrol(visitor, deployment.origin))
  await deployment.redeploy((document, place) => change(withLines(document, lines), place))
}

/** Taps one's own name, and says why where there is a reason. */
export async function fillIn({ page, name }: Visitor, url: string, reason?: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('radio', { name }).check()
  if (reason !== undefined) await page.getByLabel(PAGE_EN.form.reason).fill(reason)
}

export async function press({ page }: Visitor, decision: 'approve' | 'deny'): Promise<void> {
  await page.getByRole('button', { name: PAGE_EN.form[decision], exact: true }).click()
}
