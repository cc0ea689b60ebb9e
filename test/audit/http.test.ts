import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { auditSale } from "../../src/audit/audit-sale.ts"
import { AdminClient } from "../../src/cli/admin-client.ts"
import { HistoryFile } from "../../src/cli/audit/history-file.ts"
import { mergeAudits, reportLines, verdict } from "../../src/cli/audit/report.ts"
import { chosenIds, httpSources } from "../../src/cli/audit/sources.ts"
import type { Fact } from "../../src/core/fact.ts"
import { type SealedPage, sealAfter, sealPage } from "../../src/core/seal.ts"
import { sha256 } from "../../src/runtime/sha256.ts"
import { correctSale } from "./correct-sale.ts"
import { type Evidence, SALE_ID } from "./simulated-sale.ts"

const PAGE = 10
const SCREEN = { write: () => true }
const TOKEN = "an-admin-token"

let evidence: Evidence
let server: ReturnType<typeof Bun.serve>
let folder: string
/** The sealed pages; undefined for a system of an earlier release, which shows none. */
let pages: SealedPage[] | undefined
/** The number of requests that get a 503 before the next one succeeds. */
let unavailable = 0

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "doorbuster-audit-"))
  server = Bun.serve({ port: 0, fetch: answer })
})

afterAll(async () => {
  await server.stop(true)
  rmSync(folder, { recursive: true })
})

beforeEach(async () => {
  evidence = await correctSale(4)
  unavailable = 0
  pages = undefined
})

/** Serves the endpoints that the audit reads. */
function answer(request: Request): Response {
  const { pathname, searchParams } = new URL(request.url)
  const after = Number(searchParams.get("after"))
  if (request.headers.get("authorization") !== `Bearer ${TOKEN}`) return problem(401, "unauthorized")
  if (unavailable-- > 0) return problem(503, "reconciling")
  if (pathname === "/api/v1/sales") return Response.json({ sales: [evidence.sale] })
  if (pathname === `/api/v1/sales/${SALE_ID}`) return Response.json(evidence.sale)
  if (pathname.endsWith("/facts")) {
    const { page, next } = pageOf(evidence.facts, fact => fact.seq, after)
    return Response.json({ facts: page, next })
  }
  if (pathname.endsWith("/orders")) {
    const { page, next } = pageOf(evidence.orders, order => Number(/\d+/.exec(order.id)![0]), after)
    return Response.json({ orders: page, next })
  }
  if (pathname.endsWith("/seals")) {
    const page = pages?.find(({ lastSeq }) => lastSeq > after)
    return pages
      ? Response.json(page ? { pages: [page], next: page.lastSeq } : { pages: [] })
      : problem(404, "not_found")
  }
  return problem(404, "sale_unknown")
}

function pageOf<Item>(items: Item[], place: (item: Item) => number, after: number): { page: Item[]; next?: number } {
  const page = items.filter(item => place(item) > after).slice(0, PAGE)
  return { page, ...(page.length === PAGE && { next: place(page.at(-1)!) }) }
}

function problem(status: number, code: string): Response {
  return Response.json({ type: "/docs", title: code, status, detail: "No.", code }, { status })
}

function client(adminToken = TOKEN): AdminClient {
  return new AdminClient({ url: `http://127.0.0.1:${server.port}`, adminToken, dataDir: folder })
}

test("the audit compares the facts with every sealed page, and names the fact and the page that differ", async () => {
  const facts = evidence.facts as Fact[]
  const first = sealPage("", facts.slice(0, 10), sha256)
  const second = sealPage(first.seal, facts.slice(10, 20), sha256)
  const violations = async () => (await auditSale(httpSources(client()).of(SALE_ID))).violations
  pages = [first, second]
  expect(await violations()).toEqual([])
  const digests = second.digests.with(3, sha256("another fact"))
  pages = [first, { ...second, digests, seal: sealAfter(first.seal, digests, sha256) }]
  expect(await violations()).toEqual([
    "I10 journal: fact 14 is not the fact that was sealed",
    "I10 journal: the page of facts 11 to 20 does not match its seal",
  ])
})

test("the audit reads a sale over HTTP page by page, and a history file whose last line is incomplete", async () => {
  const file = join(folder, "history.jsonl")
  const lines = evidence.history.map(line => JSON.stringify(line))
  writeFileSync(file, `${lines.join("\n")}\n{"type":"invoke","op":9`)
  const history = new HistoryFile(file)
  expect(await history.sales()).toEqual(new Set([SALE_ID]))
  unavailable = 2
  const report = await auditSale(httpSources(client()).of(SALE_ID), { lines: history.lines(), isComplete: true })
  expect(report.violations).toEqual([])
  const printed = reportLines({ ...report, sale: SALE_ID }, SCREEN).join("\n")
  expect(printed).toMatch(/✓ I5 durable ack +[0-9]+ acknowledgements, each as in the journal/)
  expect(verdict(report, SCREEN)).toBe("✓ 14 promises kept.")
})

test("the report has one line per violation and says that no history was given", async () => {
  evidence.sale.items[0]!.sold += 1
  const report = await auditSale(httpSources(client()).of(SALE_ID))
  const all = mergeAudits([
    { ...report, sale: "one" },
    { ...report, sale: "two" },
  ])
  expect(all.ok).toBe(false)
  expect(all.totals.total).toBe(2 * report.totals.total)
  expect(all.violations).toEqual([`one: ${report.violations[0]}`, `two: ${report.violations[0]}`])
  const printed = reportLines({ ...report, sale: SALE_ID }, SCREEN)
  expect(printed.at(-1)).toMatch(/^ {2}I9 ledger = journal: at fact [0-9]+ the sale says/)
  expect(printed.filter(line => line.startsWith("  –"))).toHaveLength(4)
  expect(verdict(report, SCREEN)).toBe("✗ 1 violation: a promise is broken.")
})

test("each mistake that a user can correct gets one sentence", async () => {
  await expect(client("wrong").sales()).rejects.toThrow("The system does not accept this admin token.")
  await expect(client().sale("none")).rejects.toThrow("No (sale_unknown).")
  await expect(chosenIds(httpSources(client()), "none")).rejects.toThrow(
    'There is no sale "none". The sales are: drop.',
  )
  expect(() => client("")).toThrow(/^An admin token is needed: give --admin-token or set ADMIN_TOKEN/)
  expect(() => new AdminClient({ url: "nowhere", adminToken: "x", dataDir: folder })).toThrow(/^--url must look like/)
  expect(() => new HistoryFile(join(folder, "none"))).toThrow(/cannot be read: ENOENT/)
  writeFileSync(join(folder, "bad.jsonl"), '{"type":"invoke","op":1,"t":1}\n{"type":"maybe","op":1,"t":2}\n')
  await expect(new HistoryFile(join(folder, "bad.jsonl")).sales()).rejects.toThrow(
    /bad\.jsonl, line 2: This is not a line/,
  )
})
