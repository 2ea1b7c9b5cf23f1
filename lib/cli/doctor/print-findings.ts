import type { Group } from '#core/doctor/examine.ts'
import type { Verdict } from '#core/doctor/finding.ts'
import type { Printer } from '#lib/cli/print.ts'

const STYLES = { ok: 'green', wrong: 'red', unknown: 'dim' } as const

export function printFindings(out: Printer, groups: readonly Group[]): void {
  for (const { title, findings } of groups) {
    out.line({ style: 'bold', text: title })
    for (const { verdict, says, cure } of findings) {
      out.entry(['  ', { style: STYLES[verdict], text: verdict.padEnd(7) }, '  '], says)
      if (cure !== undefined) out.entry([' '.repeat(11), { style: 'dim', text: 'cure: ' }], cure)
    }
    out.line()
  }
  const { ok, wrong, unknown } = countVerdicts(groups)
  const style = wrong > 0 ? 'red' : unknown > 0 ? 'yellow' : 'green'
  const title = wrong > 0 ? 'NOT SOUND' : unknown > 0 ? 'NOT ALL KNOWN' : 'SOUND'
  out.line({ style, text: title }, `  ${ok} ok, ${wrong} wrong, ${unknown} unknown.`)
}

export function countVerdicts(groups: readonly Group[]): Readonly<Record<Verdict, number>> {
  const all = groups.flatMap(({ findings }) => findings)
  const count = (verdict: Verdict) => all.filter((each) => each.verdict === verdict).length
  return { ok: count('ok'), wrong: count('wrong'), unknown: count('unknown') }
}
