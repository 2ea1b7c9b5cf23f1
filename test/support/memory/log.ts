import type { Log } from '#ports/world.ts'

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

export interface RecordingLog extends Log {
  readonly lines: LogLine[]
}

export function createRecordingLog(): RecordingLog {
  const lines: LogLine[] = []
  const at =
    (level: LogLine['level']): Log['info'] =>
    (event, facts) =>
      void lines.push({ level, event, facts })
  return { lines, info: at('info'), warn: at('warn'), error: at('error') }
}
