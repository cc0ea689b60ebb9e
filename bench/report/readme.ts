import type { Results } from "../results.ts"
import { median } from "./numbers.ts"
import { find, type Line, summarise } from "./summary.ts"

export type Language = "en" | "id"

/** What each README calls the rows of its table of figures. */
const ROWS = {
  en: { accepted: "accepted purchases per second", refused: "refused purchases per second (sold out)" },
  id: { accepted: "pembelian diterima per detik", refused: "pembelian ditolak per detik (habis)" },
} as const

/** Figures in sentences: what stands before and behind each. */
const SENTENCES: Record<Language, { drill: RegExp; start: RegExp }> = {
  en: {
    drill: /[\d,]+(?= purchases through nginx were answered)/,
    start: /(?<=to the first purchase takes )[\d.]+(?= s)/,
  },
  id: { drill: /[\d.]+(?= pembelian lewat nginx dijawab)/, start: /(?<=pembelian pertama\s+butuh )[\d,]+(?= s)/ },
}

/** The README with the figures of a run. `npm run bench` writes it, and a test finds that nothing changes. */
export function withFigures(text: string, language: Language, results: Results): string {
  const lines = summarise(results.runs)
  const connections = Math.max(...results.options.connections)
  const number = (value: number, digits = 0) =>
    value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const ratio = (value: number) => `${number(value, value < 1 ? 2 : 1)} x`
  const row = (
    name: string,
    cell: (line: Line) => string,
    value: (line: Line) => number,
    lead: (text: string) => string,
  ) => {
    return (kind: "accepted" | "refused") => {
      const [baseline, embedded, stack] = (["baseline", "embedded", "stack"] as const).map(
        contender => find(lines, contender, kind, connections)!,
      ) as [Line, Line, Line]
      const times = (line: Line) => lead(ratio(value(line) / value(baseline)))
      return `| ${name} | ${cell(baseline)} | ${cell(embedded)} | ${times(embedded)} | ${cell(stack)} | ${times(stack)} |`
    }
  }
  const bold = (found: string) => `**${found}**`
  const rate = (name: string) =>
    row(
      name,
      line => number(line.perSecond),
      line => line.perSecond,
      bold,
    )
  const p99 = row(
    "… p99",
    line => `${number(line.p99Ms)} ms`,
    line => line.p99Ms,
    found => found,
  )
  const rows = ROWS[language]
  const replaced = [
    [new RegExp(`^\\| ${rows.accepted} \\|.*$`, "m"), rate(rows.accepted)("accepted")],
    [/^\| … p99 \|.*$/m, p99("accepted")],
    [new RegExp(`^\\| ${escaped(rows.refused)} \\|.*$`, "m"), rate(rows.refused)("refused")],
    ...(results.drill ? [[SENTENCES[language].drill, number(results.drill.answered)] as const] : []),
    ...(results.start ? [[SENTENCES[language].start, number(median(results.start.seconds), 1)] as const] : []),
  ] as const
  return replaced.reduce((whole, [pattern, found]) => {
    if (!pattern.test(whole)) throw new Error(`The README has no place for ${pattern}`)
    return whole.replace(pattern, found)
  }, text)
}

function escaped(text: string): string {
  return text.replaceAll(/[()]/g, "\\$&")
}
