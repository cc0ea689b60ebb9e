import { raw } from "hono/html"
import { reportPage, type Section, table } from "../../src/cli/page/report-page.ts"
import type { ContenderName } from "../contender.ts"
import type { Results } from "../results.ts"
import { three, whole } from "./numbers.ts"
import { drawPlot } from "./plot.ts"
import { find, type Line, summarise } from "./summary.ts"
import { compare } from "./targets.ts"

const NAMES: Record<ContenderName, string> = {
  baseline: "nginx, three Flask servers and one Redis counter",
  embedded: "Doorbuster, one command",
  stack: "Doorbuster, the full stack",
  floor: "bare HTTP, which stores nothing",
}

/** The figures of a run as one page, for readers who did not see it. */
export function htmlPage(results: Results): string {
  const { machine, options, startedAt, runs, failed } = results
  const lines = summarise(runs)
  const targets = compare(results)
  const missed = targets.filter(({ ok }) => !ok).length
  return reportPage({
    title: "Doorbuster, measured",
    subtitle: `${startedAt.slice(0, 10)}, ${machine.cores} cores (${machine.cpu}) shared with the load, commit ${machine.commit}`,
    verdict: failed ?? verdictOf(missed, targets.length),
    ok: failed === undefined && missed === 0,
    figures: figuresOf(lines, Math.max(...options.connections)),
    sections: [
      ...(lines.length > 0 ? ratesSections(lines, options.connections) : []),
      {
        title: "Targets and results",
        body: table(
          ["figure", "target", "result", "met"],
          targets.map(({ what, wanted, found, ok }) => [what, wanted, found, ok ? "yes" : "no"]),
        ),
      },
      {
        title: "How it was measured",
        text: `Medians of ${options.rounds} alternating rounds of ${options.seconds} s; the order is reversed after each round. A run counts only if every answer was of the expected kind and the accepted answers equal the units that the contender sold.`,
        body: table(["program", "version"], Object.entries(machine.versions)),
      },
    ],
  })
}

function ratesSections(lines: Line[], connections: number[]): Section[] {
  const rows = lines.map(line => [
    `${line.kind}, ${line.connections} connections`,
    NAMES[line.contender],
    whole(line.perSecond),
    `${three(line.p50Ms)} ms`,
    `${three(line.p99Ms)} ms`,
  ])
  return [
    { title: "Purchases per second", body: raw(drawPlot(lines, connections)) },
    { title: "In numbers", body: table(["purchases", "system", "per second", "p50", "p99"], rows) },
  ]
}

function figuresOf(lines: Line[], connections: number): { value: string; name: string }[] {
  return (["embedded", "stack"] as const).flatMap(ours =>
    (["accepted", "refused"] as const).flatMap(kind => {
      const line = find(lines, ours, kind, connections)
      const baseline = find(lines, "baseline", kind, connections)
      if (!line) return []
      const times = baseline ? `, ${three(line.perSecond / baseline.perSecond)} x the baseline` : ""
      return [{ value: whole(line.perSecond), name: `${kind} purchases per second, ${ours}${times}` }]
    }),
  )
}

function verdictOf(missed: number, all: number): string {
  if (all === 0) return "There is no target for these figures."
  return missed === 0 ? `All ${all} targets were met.` : `${missed} of ${all} targets were missed.`
}
