import { counted, integer, percent, seconds, shares } from "../../format.ts"
import { type Html, html } from "../../page/html.ts"
import { linePlot, type Plot, stackedPlot } from "../../page/plot.ts"
import { reportPage, type Section, table } from "../../page/report-page.ts"
import type { AttackReport } from "./attack-report.ts"
import { refused, summaryRows, verdict } from "./summary.ts"
import { PURCHASE_RESULTS, type PurchaseResult, type ResultTimeline } from "./timeline.ts"

/** Told even when there was none. */
const ALWAYS: readonly PurchaseResult[] = ["sold", "refused"]

export interface AttackStory {
  report: AttackReport
  timeline: ResultTimeline
  /** The sale's name. */
  sale: string
  url: string
  startedAt: Date
  faults: readonly string[]
  remarks: readonly string[]
  /** Moments worth a line in the plots, in seconds since the start. */
  marks?: Plot["marks"]
}

/** An attack as a page that can be shown to somebody who was not there. */
export function attackPage(story: AttackStory): string {
  const { report, sale, faults } = story
  const { sold, held, total } = report.stock
  return reportPage({
    title: `${counted(report.buyers, "bot")} after ${sale}`,
    subtitle: `${story.url}, ${day(story.startedAt)}`,
    verdict: verdict(report, faults, { write() {} }),
    ok: report.ok,
    figures: [
      { value: `${integer(sold + held)} of ${integer(total)}`, name: held > 0 ? "units sold or held" : "units sold" },
      { value: integer(refused(report)), name: "purchases refused" },
      { value: integer(report.rate), name: "requests per second" },
      { value: seconds(report.latencyMs.p99), name: "99 of 100 answered within" },
      { value: integer(report.unknown), name: "left without an answer" },
    ],
    sections: [
      ...attackSections(story),
      { title: "In numbers", body: table(["what", "how much"], summaryRows(report)) },
    ],
  })
}

export function attackSections({ report, timeline, remarks, marks }: AttackStory): Section[] {
  return [
    {
      title: "What buyers were told",
      text: "Purchases that ended, per second.",
      body: stackedPlot({
        label: "Purchases per second by how they ended",
        at: timeline.seconds,
        series: PURCHASE_RESULTS.filter(end => ALWAYS.includes(end) || ended(report)[end] > 0).map(end => ({
          name: end,
          tint: end,
          values: timeline.perSecond(end),
          told: integer(ended(report)[end]),
        })),
        unit: integer,
        marks,
      }),
    },
    {
      title: "How long they waited",
      text: "From the moment a purchase was meant to be sent to its final answer, repeats and waits included.",
      body: linePlot({
        label: "Latency in the course of the attack: the median and the slowest hundredth",
        at: timeline.seconds,
        series: [
          { name: "p50", tint: "p50", values: timeline.quantileMs(0.5), told: seconds(report.latencyMs.p50) },
          { name: "p99", tint: "p99", values: timeline.quantileMs(0.99), told: seconds(report.latencyMs.p99) },
        ],
        unit: seconds,
        marks,
      }),
    },
    { title: "Who answered", body: nodes(report) },
    ...(remarks.length > 0 ? [{ title: "Worth knowing", body: html`${remarks.map(one => html`<p>${one}</p>`)}` }] : []),
  ]
}

function nodes(report: AttackReport): Html {
  const parts = shares(Object.entries(report.nodes))
  return table(
    ["node", "answers", "share"],
    parts.map(([node, share]) => [node, integer(report.nodes[node] ?? 0), percent(share)]),
  )
}

function ended(report: AttackReport): Record<PurchaseResult, number> {
  return { sold: report.confirmed, held: report.held, refused: refused(report), unknown: report.unknown }
}

/** 2026-09-01 19:00 UTC */
export function day(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`
}
