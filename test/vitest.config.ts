import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { createSlowestFiles } from './support/slowest-files.ts'

const root = new URL('..', import.meta.url).pathname
const projects = [
  'core',
  'flow',
  'contract',
  'adapters',
  'cli',
  'infra',
  'simulation',
  'story',
  'browser',
  'bench',
].filter((name) => existsSync(`${root}test/${name}`))

export default defineConfig({
  root,
  test: {
    projects: projects.map((name) => ({
      extends: true,
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        // These run real processes against real deadlines. A machine that stalls for seconds makes the starter stand
        // down, which is right, and not what they are about.
        retry: ['story', 'browser'].includes(name) ? 1 : 0,
        // Nothing in these outlives a test: the files of a worker may share what they import.
        isolate: !['core', 'flow', 'contract', 'adapters', 'cli', 'infra'].includes(name),
        // Before their first test they bring a whole deployment into many states.
        ...(name === 'browser' && { globalSetup: 'test/support/chromium.ts', hookTimeout: 60_000 }),
      },
    })),
    testTimeout: 20_000,
    // The stories wait for most of their time: as many workers as cores would leave the machine idle.
    maxWorkers: 3,
    reporters: ['default', createSlowestFiles()],
    coverage: {
      provider: 'istanbul',
      include: ['lib/**/*.ts'],
      // Runs in real browsers, where nobody counts.
      exclude: ['lib/adapters/web/page/browser/**'],
      reporter: ['text-summary'],
      // What runs in the functions' own processes during the stories is not counted.
      thresholds: {
        statements: 90,
        branches: 90,
        functions: 90,
        lines: 90,
        'lib/core/**': { 100: true },
        'lib/flow/**': { lines: 97 },
      },
    },
  },
})
