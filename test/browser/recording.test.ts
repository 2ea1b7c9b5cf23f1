// The recording at the top of the README, as its readers have it: a picture, in a browser.
import { readFileSync } from 'node:fs'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, WITHOUT_CHROMIUM } from '#support/browser.ts'
import { takePictures } from '#support/picture.ts'

const SVG = readFileSync(new URL('../../demo.svg', import.meta.url))
const LARGEST_BYTES = 100_000
const ADDRESS = `data:image/svg+xml;base64,${SVG.toString('base64')}`

test('is small', () => {
  expect(SVG.length).toBeLessThanOrEqual(LARGEST_BYTES)
})

describe.skipIf(WITHOUT_CHROMIUM)('in a browser', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await openBrowser()
    page = await browser.newPage({ reducedMotion: 'reduce' })
  })
  afterAll(async () => {
    await browser?.close()
  })

  test('is XML without a flaw, and keeps all text inside its frame', async () => {
    await page.goto(ADDRESS)
    expect(await page.locator('parsererror').count()).toBe(0)

    const frame = await boxOf(page.locator('.frame'))
    const texts = await page.locator('text').all()
    expect(texts.length).toBeGreaterThan(100)
    for (const text of texts) {
      const box = await boxOf(text)
      expect(box.x).toBeGreaterThan(frame.x)
      expect(box.x + box.width).toBeLessThan(frame.x + frame.width)
    }
  })

  test('without motion it shows the end: a receipt that holds, and one that does not', async () => {
    await page.goto(ADDRESS)
    const frame = await boxOf(page.locator('.frame'))
    for (const [text, isSeen] of [
      ['A person asks, over HTTPS', false],
      ['VERIFIED', true],
      ['NOT VERIFIED', true],
    ] as const) {
      const { y, height } = await boxOf(page.getByText(text, { exact: true }))
      expect([text, y > frame.y && y + height < frame.y + frame.height]).toEqual([text, isSeen])
    }
  })

  test('fits a phone', async () => {
    await page.setViewportSize({ width: 360, height: 640 })
    await page.goto('about:blank')
    await page.setContent(`<img src="${ADDRESS}" alt="" style="max-width: 100%">`)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await takePictures(page, `recording-${colorScheme}`)
    }
    const { width, height } = await boxOf(page.locator('img'))
    expect(width).toBeLessThanOrEqual(360)
    expect(height).toBeGreaterThan(200)
  })
})

async function boxOf(element: Locator) {
  const box = await element.boundingBox()
  if (box === null) throw new Error('it is not shown')
  return box
}
