/**
 * Decoders ignore the unused bits of the last character, padding and more, so that one value would have many spellings.
 * Only the one without any of that passes.
 */
export function isCanonicalBase64url(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text
}
