// What is under way, so that one can wait until nothing is.

export interface Pending {
  track<T>(work: Promise<T>): Promise<T>
  none(): Promise<void>
}

export function createPending(): Pending {
  const works = new Set<Promise<unknown>>()
  return {
    async track(work) {
      works.add(work)
      try {
        return await work
      } finally {
        works.delete(work)
      }
    },
    async none() {
      // One may start another: a request that invokes a function, an answer that comes with a further event.
      while (works.size > 0) await Promise.allSettled(works)
    },
  }
}
