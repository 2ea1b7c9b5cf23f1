import type { Reporter } from 'vitest/node'

const MOST = 5

/** Prints the slowest test files, so that whoever makes the suite slow sees it. */
export function createSlowestFiles(): Reporter {
  return {
    onTestRunEnd(modules) {
      const timed = modules.map((module) => ({ file: module.relativeModuleId, ms: module.diagnostic().duration }))
      const slowest = timed.toSorted((one, other) => other.ms - one.ms).slice(0, MOST)
      const lines = slowest.map(({ file, ms }) => `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${file}`)
      console.log(['', 'Slowest test files:', ...lines].join('\n'))
    },
  }
}
