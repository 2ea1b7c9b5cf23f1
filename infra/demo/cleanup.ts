// What has to be undone at the end, however the end comes.

export interface Cleanup {
  add(undo: () => Promise<void> | void): void
  /** The last first. Everything has its turn, whatever fails before; a second call waits for the first. */
  run(): Promise<void>
}

export function createCleanup(): Cleanup {
  const undos: (() => Promise<void> | void)[] = []
  let running: Promise<void> | undefined
  const undoAll = async () => {
    for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
      try {
        await undo()
      } catch {
        // What is left dies with the process.
      }
    }
  }
  return {
    add: (undo) => void undos.push(undo),
    run: () => (running ??= undoAll()),
  }
}
