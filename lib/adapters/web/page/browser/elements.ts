// Elements of the page by their id. The page and its script are made together: one that is missing is a bug.

export function find<Element extends HTMLElement>(id: string, type: new () => Element): Element {
  const element = document.getElementById(id)
  if (!(element instanceof type)) throw new TypeError(`the page has no ${type.name} #${id}`)
  return element
}

export function show(id: string): void {
  find(id, HTMLElement).hidden = false
}

/** Says where screen readers hear it what is going on. */
export function say(text: string, tone: 'good' | 'bad' | 'busy'): void {
  const region = find('answer', HTMLElement)
  region.hidden = false
  region.className = tone
  region.textContent = text
}

/** The same for what came of it, and brings whoever uses the keyboard there. */
export function answer(text: string, tone: 'good' | 'bad'): void {
  say(text, tone)
  find('answer', HTMLElement).focus()
}

/** Whether passkeys that are used here count; says why where they do not. */
export function canUsePasskeys(origin: string): boolean {
  if (location.origin !== origin) show('other-origin')
  else if (!('PublicKeyCredential' in window)) show('no-passkeys')
  else return true
  return false
}

/** The names of errors by which a browser says that the person did not want to, or took too long. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name)
}
