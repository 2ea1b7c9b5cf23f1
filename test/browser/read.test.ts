// What everybody can read, whatever they look at it with: each state of the page, light and dark, in both languages.
import axe, { type AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PAGE_EN } from '#core/language/page-en.ts'
import { PAGE_ZH } from '#core/language/page-zh.ts'
import type { Shown } from '#support/api.ts'
import { openBrowser, WITHOUT_CHROMIUM } from '#support/browser.ts'
import {
  deployStates,
  HOSTILE_NAME,
  HOSTILE_REASON,
  STATES,
  type PageState,
  type PageStates,
} from '#support/page-states.ts'
import { takePictures } from '#support/picture.ts'
import { visit, type Visitor } from '#support/visitor.ts'

/** CSS px, as a finger needs them. */
const SMALLEST_TARGET = 44

describe.skipIf(WITHOUT_CHROMIUM)('the page', () => {
  let states: PageStates
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
    states = await deployStates(browser)
  })
  afterAll(async () => {
    await browser?.close()
    await states?.deployment.close()
  })

  describe.each([
    ['English', 'en', 'en-GB', PAGE_EN],
    ['Chinese', 'zh-CN', 'zh-CN', PAGE_ZH],
  ])('in %s', (_, tag, locale, words) => {
    let reader: Visitor
    /** axe is let in here by switching content security off; all else is tested with it. */
    let examined: Visitor

    beforeEach(async () => {
      reader = await visit(browser, 'bob', { locale })
      examined = await visit(browser, 'bob', { locale, bypassCSP: true })
    })
    afterEach(async () => {
      await Promise.all([reader, examined].map(async ({ page }) => page.context().close()))
    })

    async function expectAccessible(name: string): Promise<void> {
      for (const colorScheme of ['light', 'dark'] as const) {
        await Promise.all([reader, examined].map(async ({ page }) => page.emulateMedia({ colorScheme })))
        expect(await findViolations(examined.page)).toEqual([])
        await takePictures(reader.page, `${name}-${tag}-${colorScheme}`)
      }
    }

    test.each(STATES)('%s: axe finds nothing, it fits a phone, and the browser does not complain', async (state) => {
      await Promise.all([reader, examined].map(async ({ page }) => page.goto(states.urlOf(state))))

      expect(await reader.page.locator('html').getAttribute('lang')).toBe(tag)
      expect(await isTooWide(reader.page)).toBe(false)
      expect(await findSmallTargets(reader.page)).toEqual([])
      await expectAccessible(state)
      // That there is no such request, the status says too.
      expect(reader.complaints).toEqual(state === 'unknown' ? [expect.stringContaining('404')] : [])
    })

    test('an answer and a new passkey are as accessible', async () => {
      await Promise.all(
        [reader, examined].map(async ({ page }) => {
          await page.goto(states.urlOf('pending'))
          await page.getByRole('radio', { name: 'bob' }).check()
          await page.getByRole('button', { name: words.form.deny, exact: true }).click()
          await page.getByRole('alert').getByText(words.decideScript.reasonMissing).waitFor()
        }),
      )
      await expectAccessible('answer')
      await Promise.all(
        [reader, examined].map(async ({ page }) => {
          await page.goto(states.urlOf('enrol'))
          await page.getByLabel(words.enrol.name).fill('dave')
          await page.getByRole('button', { name: words.enrol.make }).click()
          await page.getByRole('heading', { name: words.enrol.made }).waitFor()
        }),
      )
      expect(await isTooWide(reader.page)).toBe(false)
      await expectAccessible('enrolled')
      expect(reader.complaints).toEqual([])
    })

    test('the other language is one link away', async () => {
      const { page } = reader
      await page.goto(states.urlOf('pending'))
      const other = words === PAGE_EN ? PAGE_ZH : PAGE_EN
      await page.getByRole('link', { name: words === PAGE_EN ? '中文' : 'English' }).click()
      await page.getByRole('heading', { name: other.request.facts }).waitFor()
      expect(await page.getByRole('button', { name: other.form.approve, exact: true }).isVisible()).toBe(true)
    })
  })

  test('it is dark where people want it dark', async () => {
    const { page } = await visit(browser, 'bob')
    await page.goto(states.urlOf('pending'))
    const brightness = async () =>
      page.evaluate<number>(
        'getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, each) => sum + Number(each), 0) / 3',
      )
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await brightness()).toBeGreaterThan(200)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await brightness()).toBeLessThan(60)
    await page.context().close()
  })

  test('axe objects where there is something to object to', async () => {
    const { page } = await visit(browser, 'bob')
    await page.setContent('<html lang="en"><title>x</title><main><h1>x</h1><input></main>')
    expect(await findViolations(page)).toEqual(['label: input'])
    await page.context().close()
  })

  test('names and reasons are text, whatever is in them, and nothing foreign runs', async () => {
    const { page, complaints } = await visit(browser, 'bob')
    await page.goto(states.urlOf('hostile'))
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(HOSTILE_NAME)
    expect(await page.locator('#fact-reason dd').innerText()).toBe(HOSTILE_REASON)
    expect(await page.locator('img').count()).toBe(0)
    expect(complaints).toEqual([])

    // What is allowed by its hash is the one script and nothing beside it.
    await page
      .evaluate(`{
      const added = document.createElement('script')
      added.append('document.title = "run"')
      document.body.append(added)
    }`)
      .catch(() => undefined)
    expect(await page.title()).not.toBe('run')
    expect(complaints.length).toBeGreaterThan(0)
    await page.context().close()
  })

  test('by the keyboard alone, and one sees where one is', async () => {
    const { page } = await visit(browser, 'bob', { credentials: states.credentials })
    await page.goto(states.urlOf('half'))
    const focused = async () =>
      page.evaluate<{ id: string; value: string; outlined: boolean }>(`(() => {
        const { id, value = '' } = document.activeElement
        return { id, value, outlined: getComputedStyle(document.activeElement).outlineStyle !== 'none' }
      })()`)
    const tabTo = async (is: (at: { id: string; value: string }) => boolean): Promise<void> => {
      for (let pressed = 0; pressed < 30; pressed += 1) {
        await page.keyboard.press('Tab')
        const at = await focused()
        expect(at).toMatchObject({ outlined: true })
        if (is(at)) return
      }
      throw new Error('no key leads there')
    }
    await tabTo(({ value }) => ['bob', 'carol'].includes(value))
    while ((await focused()).value !== 'bob') await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await tabTo(({ id }) => id === 'reason')
    await page.keyboard.type('Changed my mind')
    await tabTo(({ id }) => id === 'deny')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText(PAGE_EN.decideScript.stopped).waitFor()
    expect(await focused()).toMatchObject({ id: 'answer' })
    await page.context().close()
  })

  test('in a browser that knows no passkeys the page says what to do instead', async () => {
    const { page } = await visit(browser, 'bob')
    await page.addInitScript('delete globalThis.PublicKeyCredential')
    await page.goto(states.urlOf('pending'))
    await page.getByText(PAGE_EN.form.noPasskeys).waitFor()
    expect(await page.getByRole('button', { name: PAGE_EN.form.approve }).isVisible()).toBe(false)
    await page.goto(states.urlOf('enrol'))
    await page.getByText(PAGE_EN.enrol.noPasskeys).waitFor()
    await page.context().close()
  })

  test.each([
    ['en-GB', PAGE_EN, '', /^ \d+ \w{3,4} \d{4}, \d\d:\d\d \(your time\)$/],
    ['en-US', PAGE_EN, '', /^ \w{3,4} \d+, \d{4}, \d+:\d\d\s[AP]M \(your time\)$/],
    ['en-GB', PAGE_ZH, '?lang=zh-CN', /^ \d{4}年\d+月\d+日 \d\d:\d\d（您的当地时间）$/],
  ])('beside every time stands the reader’s own: %s', async (locale, words, query, form) => {
    const { page } = await visit(browser, 'bob', { locale, timezoneId: 'Asia/Shanghai' })
    await page.goto(`${states.urlOf('half')}${query}`)
    const times = page.locator('time')
    const local = page.locator('time + span', { hasText: words.decideScript.localTime })
    expect(await times.count()).toBeGreaterThan(2)
    expect(await local.count()).toBe(await times.count())
    for (const text of await local.allTextContents()) expect(text).toMatch(form)
    await takePictures(page, `local-times-${locale}${query === '' ? '' : '-zh-CN'}`)
    await page.context().close()
  })

  test('without JavaScript every fact is there, and how to sign', async () => {
    const { page } = await visit(browser, 'bob', { javaScriptEnabled: false })
    for (const state of ['pending', 'wipe', 'running'] as const) {
      const { view, id } = await show(state)
      await page.goto(states.urlOf(state))
      const text = await readAll(page)
      const facts = view.facts.flatMap(({ label, value }) => [label, value])
      const all = [view.headline, view.says, ...facts, ...view.warnings.map(({ text: said }) => said)]
      expect(all.filter((each) => !text.includes(each.replaceAll(/\s+/g, ' ')))).toEqual([])
      expect(await page.getByRole('button').count()).toBe(0)
      if (view.final) continue
      expect(text).toContain(PAGE_EN.form.noScript)
      const signing = page.getByText(`startgate approve ${id} --url ${states.deployment.origin}`, { exact: true })
      if (!(await signing.isVisible())) await page.locator('summary', { hasText: PAGE_EN.terminal.heading }).click()
      expect(await signing.isVisible()).toBe(true)
      await takePictures(page, `${state}-without-script`)
    }
    await page.getByRole('link', { name: PAGE_EN.refresh }).click()
    expect(page.url()).toBe(states.urlOf('running'))
    await page.goto(states.urlOf('enrol'))
    expect(await readAll(page)).toContain(PAGE_EN.enrol.noScript)
    await page.context().close()
  })

  async function show(state: PageState): Promise<Shown> {
    const id = states.ids.get(state)
    if (id === undefined) throw new Error(`${state} is no request`)
    return states.deployment.show(id)
  }
})

/** Rules beside what they object to; those off by default for their novelty among them. */
async function findViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(`${axe.source};0`)
  const { violations } = await page.evaluate<AxeResults>("axe.run({ rules: { 'target-size': { enabled: true } } })")
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}

async function readAll(page: Page): Promise<string> {
  return (await page.locator('body').innerText()).replaceAll(/\s+/g, ' ')
}

async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
}

async function findSmallTargets(page: Page): Promise<readonly string[]> {
  const found: string[] = []
  for (const target of await page.locator('button, label.choice, summary, input[type=text], textarea, nav a').all()) {
    const box = await target.boundingBox()
    if (box !== null && box.height < SMALLEST_TARGET) found.push(`${await target.innerText()} is ${box.height} px high`)
  }
  return found
}
