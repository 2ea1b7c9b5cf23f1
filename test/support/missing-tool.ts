// What is skipped proves nothing.

/**
 * Called where tests are about to be skipped, with one sentence that says what is missing. It is printed, and thrown
 * where `STARTGATE_TESTS` is `all`: whoever sets that wants every test to run, or none to pass.
 */
export function reportMissing(sentence: string, env: Readonly<Record<string, string | undefined>> = process.env): void {
  if (env['STARTGATE_TESTS'] === 'all') throw new Error(sentence)
  console.warn(sentence)
}
