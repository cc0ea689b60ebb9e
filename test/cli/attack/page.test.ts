import { describe, expect, test } from "bun:test"
import { html } from "hono/html"
import { AttackCounters } from "../../../src/cli/attack/counters.ts"
import { makeReport } from "../../../src/cli/attack/report/attack-report.ts"
import { attackPage } from "../../../src/cli/attack/report/page.ts"
import { chaosPage } from "../../../src/cli/chaos/page.ts"
import type { Item } from "../../../src/wire/wire.ts"

const HOSTILE = `<script>alert("1")</script>&<img src=x onerror=alert(1)>`

function story(sale = "Shoes") {
  const counters = new AttackCounters()
  for (const [at, code] of ["confirmed", "sold_out", "outcome_unknown"].entries()) {
    const type = code === "confirmed" ? "ok" : code === "sold_out" ? "fail" : "info"
    const answer = {
      type,
      status: 200,
      code,
      node: `node-${at + 1}`,
      ...(type === "ok" && { orderId: "A1", state: code }),
    }
    counters.requests++
    counters.answered(answer as Parameters<AttackCounters["answered"]>[0])
    counters.settle(`c${at}`, answer as Parameters<AttackCounters["settle"]>[1], 12)
  }
  const item = { total: 1, free: 0, held: 0, sold: 1 } as Item
  const report = makeReport(counters, 3, 1, item, true)
  const when = { url: "http://localhost:8080", startedAt: new Date("2026-09-01T19:00:00Z") }
  return { report, timeline: counters.timeline, sale, faults: [] as string[], remarks: [] as string[], ...when }
}

const kills = [{ nodeId: "node-2", at: 10, backMs: 450 }]
const checks = [{ name: "no oversell", ok: true, detail: HOSTILE }]
const audit = { ok: true, checks, violations: [], totals: { total: 1, free: 0, held: 0, sold: 1, orders: 1 } }

const PAGES: [string, (sale: string) => string][] = [
  ["an attack", sale => attackPage({ ...story(sale), remarks: [HOSTILE] })],
  ["a drill", sale => chaosPage({ ...story(sale), begun: 0, kills, audit, ok: true })],
]

describe.each(PAGES)("the page of %s", (_, page) => {
  test("is self-contained: no script, no link, nothing from the network", () => {
    const text = page("Shoes")
    expect(text).not.toMatch(/<script|<link|<iframe|@import|url\(|<[a-z][^>]*\son\w+=/i)
    expect([...text.matchAll(/\b(?:src|href|action)="/g)]).toEqual([])
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  test("escapes every text", () => {
    const text = page(HOSTILE)
    expect(text).not.toContain("<script>")
    expect(text).not.toContain("<img")
    expect(text).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&lt;img")
  })

  test("has plots with labels for screen readers", () => {
    const text = page("Shoes")
    const plots = [...text.matchAll(/<svg [^>]*role="img" aria-label="([^"]+)"/g)]
    expect(plots).toHaveLength(2)
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
    expect(text.match(/<h1>/g)).toHaveLength(1)
  })
})

test("a broken promise is the first sentence of a page", () => {
  const { report, ...rest } = story()
  const page = attackPage({ ...rest, report: { ...report, ok: false }, faults: ["Order A1 was given twice."] })
  expect(page).toMatch(/class="verdict broken">NOT OK\.\s*Order A1 was given twice\./)
})

test("a template escapes text and keeps markup as it is", () => {
  expect(html`<p>${"<b>"}${html`<i>${1}</i>`}${[html`<br>`, html`<hr>`]}</p>`.toString()).toBe(
    "<p>&lt;b&gt;<i>1</i><br><hr></p>",
  )
})
