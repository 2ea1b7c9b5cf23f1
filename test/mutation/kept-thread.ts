import { ThreadsPoolWorker, type PoolOptions, type PoolWorker, type WorkerRequest } from 'vitest/node'

/** What the runner keeps of each run in its thread is small, and there are thousands of runs. */
const RUNS_PER_THREAD = 200

let kept: ThreadsPoolWorker | undefined
let runs = 0

/**
 * A worker whose thread outlives the run, so that thousands of runs share what they load: a run of a few tests takes a
 * fraction of the time that its start would. The thread is told to start once and never to stop; each run brings its own
 * configuration, which names its tests.
 */
export function createKeptThread(options: PoolOptions): PoolWorker {
  const listeners: [event: string, listener: (message: unknown) => void][] = []
  let config: unknown
  let isFresh = false
  let isDone = false

  function getThread(): ThreadsPoolWorker {
    if (kept === undefined) throw new Error('the thread was not started')
    return kept
  }

  function answer(type: 'started' | 'stopped'): void {
    const heard = listeners.filter(([event]) => event === 'message')
    heard.forEach(([, listener]) => listener({ type, __vitest_worker_response__: true }))
  }

  return {
    name: 'kept-thread',
    async start() {
      isFresh = kept === undefined
      kept ??= new ThreadsPoolWorker(options)
      if (isFresh) await kept.start()
    },
    on(event, listener) {
      listeners.push([event, listener])
      getThread().on(event, listener)
    },
    off(event, listener) {
      getThread().off(event, listener)
    },
    send(message: WorkerRequest) {
      if (message.type === 'start') config = message.context.config
      if (message.type === 'start' && !isFresh) return answer('started')
      if (message.type === 'stop') {
        isDone = true
        return answer('stopped')
      }
      const hasConfig = message.type === 'run' || message.type === 'collect'
      getThread().send(hasConfig ? { ...message, context: { ...message.context, config } as never } : message)
    },
    async stop() {
      listeners.forEach(([event, listener]) => getThread().off(event, listener))
      runs += 1
      if (isDone && runs % RUNS_PER_THREAD !== 0) return
      await getThread().stop()
      kept = undefined
    },
    deserialize: (message) => message,
  }
}
