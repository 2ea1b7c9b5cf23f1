// The tests of core and flow, as the mutation run wants them: those that kill most in the least time come first, and all
// that a run needs stays loaded for the next.
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { createKeptThread } from './kept-thread.ts'

const root = new URL('../..', import.meta.url).pathname

/** Later ones are reached only by what survived the earlier. */
const ORDER = ['test/core/', 'test/flow/', 'test/flow/attacks/']

/** Plays of chance: they take seconds for each mutant, and would kill one in this run and not in the next. */
const BY_CHANCE = ['test/core/final-states.test.ts', 'test/flow/properties.test.ts']

// A class, as Vitest makes it itself.
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => toPlace(one.moduleId) - toPlace(other.moduleId))
  }
}

function toPlace(file: string): number {
  return ORDER.findLastIndex((folder) => file.startsWith(root + folder))
}

export default defineConfig({
  root,
  plugins: [
    {
      name: 'kept-thread',
      // Set here, as Stryker asks for plain threads above all that is said below.
      configureVitest({ project }) {
        project.config.pool = 'kept-thread' as typeof project.config.pool
        project.config.poolRunner = { name: 'kept-thread', createPoolWorker: createKeptThread }
      },
    },
  ],
  test: {
    include: ORDER.slice(0, 2).map((folder) => `${folder}**/*.test.ts`),
    exclude: BY_CHANCE,
    setupFiles: ['test/mutation/setup.ts'],
    sequence: { sequencer: QuickestFirst },
    isolate: false,
    maxWorkers: 1,
    testTimeout: 20_000,
  },
})
