// The `outTrackId` of a card is ours to choose. It is derived from what it is posted under, so that the same post is the same
// card, and it says whose card it is: a callback names the organisation, and not the app.
import { createHash } from 'node:crypto'

export function toTrackId(app: string, key: string): string {
  return `${toPrefix(app)}${digest(key)}`
}

export function isTrackIdOf(app: string, trackId: string): boolean {
  return trackId.startsWith(toPrefix(app)) && /^[A-Za-z0-9_-]{55}$/.test(trackId)
}

function toPrefix(app: string): string {
  return `sg_${digest(app).slice(0, 8)}_`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
