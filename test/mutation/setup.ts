// Runs before each test file is read. What a file does while it is read belongs to no test: it does so without a mutant.
const { __stryker__: stryker } = globalThis as { __stryker__?: { activeMutant?: string | undefined } }

if (stryker !== undefined) stryker.activeMutant = undefined
