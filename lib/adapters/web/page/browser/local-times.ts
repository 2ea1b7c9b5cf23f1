import type { RequestData } from '#adapters/web/page/page-data.ts'

/** Adds to each time among the facts what the clock on the wall shows then. What is signed stays in UTC. */
export function showLocalTimes({ language, words }: RequestData): void {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  for (const time of document.querySelectorAll<HTMLTimeElement>('dd time')) {
    const at = new Date(time.dateTime)
    if (at.getTimezoneOffset() === 0) continue
    const local = document.createElement('span')
    local.className = 'hint'
    local.textContent = ` ${format.format(at)} (${words.localTime})`
    time.after(local)
  }
}
