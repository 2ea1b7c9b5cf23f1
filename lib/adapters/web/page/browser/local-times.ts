import type { RequestData } from '#adapters/web/page/page-data.ts'

/** Adds to each time what the clock on the wall shows then. What is signed stays in UTC. */
export function showLocalTimes({ language, words }: RequestData, page: Document = document): void {
  const format = new Intl.DateTimeFormat(pickLocale(language), { dateStyle: 'medium', timeStyle: 'short' })
  for (const time of page.querySelectorAll('time')) {
    const at = new Date(time.dateTime)
    if (at.getTimezoneOffset() === 0) continue
    const local = page.createElement('span')
    local.className = 'hint'
    local.textContent = ` ${format.format(at)}${words.localTime}`
    time.after(local)
  }
}

/** The language of the page, as the reader's own country writes it. */
function pickLocale(language: string): string {
  const [spoken = ''] = language.split('-')
  return navigator.languages.find((tag) => tag.split('-')[0] === spoken) ?? language
}
