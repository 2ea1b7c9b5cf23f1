// This very computer: the only place that plain http may go to.

/** `http://` on loopback, with a port and nothing after it. */
export const LOOPBACK_ORIGIN = /^http:\/\/(127(\.[0-9]{1,3}){3}|\[::1\]|localhost):[0-9]{1,5}$/

/** `hostname`: as a URL has it. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(hostname)
}
