// Pictures of the page, for people to look at; taken where STARTGATE_SCREENSHOTS is set.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const FOLDER = new URL('../../node_modules/.cache/screenshots', import.meta.url).pathname
const WIDTHS = [360, 1280] as const

/** The whole page at each width, as `<name>-<width>.png`. The width stays as it was. */
export async function takePictures(page: Page, name: string): Promise<void> {
  if (process.env['STARTGATE_SCREENSHOTS'] === undefined) return
  await mkdir(FOLDER, { recursive: true })
  const before = page.viewportSize()
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    await page.screenshot({ path: join(FOLDER, `${name}-${width}.png`), fullPage: true })
  }
  if (before !== null) await page.setViewportSize(before)
}
