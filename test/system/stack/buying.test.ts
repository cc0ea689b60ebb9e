import { expect } from "bun:test"
import { auditSale } from "../../../src/audit/audit-sale.ts"
import { AdminClient } from "../../../src/cli/admin-client.ts"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import type {
  ActionList,
  AuditReport,
  MadeCredential,
  NodeList,
  Order,
  OrderPage,
  Sale,
} from "../../../src/wire/wire.ts"
import { eventually } from "../../support/eventually.ts"
import { LiveReader } from "../../support/http/live-reader.ts"
import { needs } from "../../support/needs.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { ADMIN_TOKEN } from "../../support/site.ts"
import { NativeStack } from "../../support/stack.ts"
import { tokenOf } from "../../support/token.ts"

const { afterAll, beforeAll, test } = needs(REDIS, POSTGRES, NGINX)

let stack: NativeStack
beforeAll(async () => {
  stack = await NativeStack.start()
}, 90_000)
afterAll(() => stack.stop(), 30_000)

/** Buys at one replica over a new connection, as through a load balancer. */
function buyAt(replica: number, sale: string, customer: string, key = "k"): Promise<Response> {
  return fetch(`${stack.urls[replica]}/api/v1/sales/${sale}/orders`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${tokenOf(customer)}`,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
      Connection: "close",
    },
    body: JSON.stringify({ sku: sale }),
  })
}

async function codeOf(response: Response): Promise<string | undefined> {
  return ((await response.json()) as { code?: string }).code
}

test("every replica answers a repeated purchase with the same order", async () => {
  await stack.createSale("replay", { total: 10 })
  const first = await buyAt(0, "replay", "ann")
  expect(first.status).toBe(201)
  expect(first.headers.get("x-served-by")).toBe("node-1")
  const order = (await first.json()) as Order
  for (const replica of [0, 1, 2]) {
    const again = await buyAt(replica, "replay", "ann")
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"])
    expect((await again.json()) as Order).toEqual(order)
  }
  expect(await codeOf(await buyAt(2, "replay", "ann", "another"))).toBe("limit_reached")
  expect(await stack.order(order.id)).toEqual(order)
})

test("the worker proves a sale that has ended, and every replica shows its proof", async () => {
  await stack.createSale("proven", { total: 2 })
  for (const customer of ["ann", "bob"]) expect((await buyAt(0, "proven", customer)).status).toBe(201)
  for (const url of stack.urls) {
    const text = await eventually("the proof is shown", async () => {
      const page = await (await fetch(`${url}/sales/proven/proof`)).text()
      return page.includes("Every promise is kept.") && page
    })
    expect(text).toContain("2 of 2 units sold, each exactly once.")
  }
})

test("an audit over HTTP compares the journal with the ledger's seals, through any replica", async () => {
  await stack.createSale("sealed", { total: 2 })
  for (const customer of ["ann", "bob"]) expect((await buyAt(0, "sealed", customer)).status).toBe(201)
  const clients = stack.urls.map(url => new AdminClient({ url, adminToken: ADMIN_TOKEN, dataDir: stack.folder }))
  const audits = () =>
    Promise.all(clients.map(async client => (await auditSale(httpSources(client).of("sealed"))).violations))
  for (const client of clients) {
    const [page] = await eventually("the sale is sealed", async () => {
      const pages = await client.seals("sealed")
      return pages.length > 0 && pages
    })
    expect(page).toMatchObject({ firstSeq: 1, lastSeq: (await client.sale("sealed")).seq })
  }
  expect(await audits()).toEqual([[], [], []])
  // As if the journal had been another one when it was sealed.
  await stack.postgres.query(
    `UPDATE seals SET digests = set_byte(digests, 64, 255 - get_byte(digests, 64))
      FROM sales WHERE sales.number = seals.sale AND sales.id = 'sealed'`,
  )
  const named = ["I10 journal: fact 3 is not the fact that was sealed"]
  expect(await audits()).toEqual([named, named, named])
})

test("every replica shows the stock as units are sold", async () => {
  await stack.createSale("live", { total: 3 })
  const readers = await Promise.all(stack.urls.map(url => LiveReader.open(url, "live")))
  for (const [at, customer] of ["ann", "bob", "cat"].entries()) {
    expect((await buyAt(at, "live", customer)).status).toBe(201)
    for (const reader of readers) await reader.until(({ sale }) => sale.items[0]!.sold === at + 1)
  }
  for (const reader of readers) reader[Symbol.dispose]()
})

test("after a restock no replica answers sold out", async () => {
  await stack.createSale("refill", { total: 1, limitPerCustomer: 1 })
  expect((await buyAt(0, "refill", "the-first")).status).toBe(201)
  for (let round = 1; round <= 20; round++) {
    for (const replica of [0, 1, 2]) {
      expect(await codeOf(await buyAt(replica, "refill", `early-${round}-${replica}`))).toBe("sold_out")
    }
    // Near the time after which replicas refuse from memory, so that some rounds do and others do not.
    if (round % 2 === 0) await Bun.sleep(round * 20)
    await stack.admin("POST", "/sales/refill/items/refill/restock", { units: 3 })
    const answers = await Promise.all([0, 1, 2].map(replica => buyAt(replica, "refill", `late-${round}-${replica}`)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
  }
}, 60_000)

test("a replica that was suspended during a restock does not answer sold_out when it resumes", async () => {
  await stack.createSale("frozen", { total: 0 })
  const frozen = stack.replicas[2]!
  // The replica now refuses from memory.
  await eventually("it refuses", async () => (await codeOf(await buyAt(2, "frozen", "early"))) === "sold_out")
  await Bun.sleep(200)
  process.kill(frozen.pid, "SIGSTOP")
  try {
    await stack.admin("POST", "/sales/frozen/items/frozen/restock", { units: 20 })
    const waiting = Array.from({ length: 20 }, (_, at) => buyAt(2, "frozen", `late-${at}`))
    // The kernel has queued these requests, so the replica reads them first when it resumes.
    await Bun.sleep(200)
    process.kill(frozen.pid, "SIGCONT")
    // They came while it did not run, so they have no effect; the same buyers are served as soon as they repeat them.
    for (const answer of await Promise.all(waiting)) expect(await codeOf(answer)).toBe("overloaded")
    for (let at = 0; at < 20; at++) expect((await buyAt(2, "frozen", `late-${at}`)).status).toBe(201)
  } finally {
    process.kill(frozen.pid, "SIGCONT")
  }
}, 30_000)

test("orders, facts, CSV and audit contain every order that was answered before", async () => {
  await stack.createSale("books", { total: 200 })
  const told: string[] = []
  for (let at = 0; at < 90; at++) told.push(((await (await buyAt(at % 3, "books", `c-${at}`)).json()) as Order).id)
  const { orders }: OrderPage = await stack.admin("GET", "/sales/books/orders?limit=1000")
  expect(orders.map(({ id }) => id)).toEqual(told)
  const csv = await (await stack.request("/api/v1/admin/sales/books/orders.csv", { token: ADMIN_TOKEN })).text()
  expect(csv.trim().split("\n").length).toBe(91)
  const audit: AuditReport = await stack.admin("GET", "/sales/books/audit")
  expect(audit).toMatchObject({ ok: true, totals: { total: 200, free: 110, sold: 90, orders: 90 } })
  expect((await stack.admin<{ facts: object[] }>("GET", "/sales/books/facts?limit=1000")).facts.length).toBe(92)
})

test("any replica can confirm or cancel a held order, and a third one expires by itself", async () => {
  await stack.createSale("hold", { total: 3, checkout: "hold", holdSeconds: 5, limitPerCustomer: 1 })
  const orders = await Promise.all(
    ["ann", "bob", "cat"].map(async (name, at) => (await (await buyAt(at, "hold", name)).json()) as Order),
  )
  const change = (replica: number, id: string, verb: string) =>
    fetch(`${stack.urls[replica]}/api/v1/orders/${id}/${verb}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    })
  expect((await (await change(2, orders[0]!.id, "confirm")).json()) as Order).toMatchObject({ state: "confirmed" })
  expect((await (await change(0, orders[1]!.id, "cancel")).json()) as Order).toMatchObject({ state: "released" })
  const last = await eventually("the third one expires", async () => {
    const order = await stack.order(orders[2]!.id)
    return order.state === "released" && order
  })
  expect(last.releaseReason).toBe("expired")
  const sale = await eventually("both units are free again", async () => {
    const sale = (await (await stack.request("/api/v1/sales/hold")).json()) as Sale
    return sale.items[0]!.free === 2 && sale
  })
  expect(sale.items[0]).toMatchObject({ held: 0, sold: 1 })
}, 30_000)

test("every replica lists the others, and offers no drills", async () => {
  const { nodes, hasDrills } = await eventually("three nodes are ready", async () => {
    const list = await stack.admin<NodeList>("GET", "/nodes")
    return list.nodes.filter(({ state }) => state === "ready").length === 3 && list
  })
  expect(hasDrills).toBe(false)
  expect(nodes.map(({ id, pid, restarts }) => ({ id, pid, restarts }))).toEqual(
    stack.replicas.map(({ name, pid }) => ({ id: name, pid, restarts: 0 })),
  )
  const kill = await stack.request("/api/v1/admin/nodes/node-2/kill", { method: "POST", token: ADMIN_TOKEN })
  expect(kill.status).toBe(404)
  expect(stack.replicas[1]!.isRunning).toBe(true)
})

test("the logbook of administrators' actions is shared by all replicas", async () => {
  await fetch(`${stack.urls[2]}/api/v1/admin/nodes/node-9/kill`, {
    method: "POST",
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  })
  const { actions } = await stack.admin<{ actions: object[] }>("GET", "/actions")
  expect(actions.at(-1)).toMatchObject({ action: "killNode", subject: "node-9", node: "node-3" })
})

test("an operator made at one replica enters at every other; a session that ended at one has ended at every other", async () => {
  const { token } = await stack.admin<MadeCredential>("POST", "/credentials", { name: "ann", role: "operator" })
  const statuses = async (headers: Record<string, string>) => {
    const answers = await Promise.all(stack.urls.map(url => fetch(`${url}/api/v1/admin/nodes`, { headers })))
    return [...new Set(answers.map(({ status }) => status))]
  }
  const bearer = { Authorization: `Bearer ${token}` }
  expect(await statuses(bearer)).toEqual([200])
  const session = `${stack.urls[0]}/api/v1/admin/session`
  const signedIn = await fetch(session, { method: "POST", body: JSON.stringify({ token }) })
  const cookie = { Cookie: signedIn.headers.get("set-cookie")!.split(";")[0]! }
  expect(await statuses(cookie)).toEqual([200])
  const left = await fetch(session, { method: "DELETE", headers: { ...cookie, Origin: stack.urls[0]! } })
  expect(left.status).toBe(200)
  expect(await statuses(cookie)).toEqual([401])
  await stack.admin("DELETE", "/credentials/ann")
  expect(await statuses(bearer)).toEqual([401])
})

test("wrong tokens at any replica are counted together, and push nothing out of the logbook", async () => {
  const sumOf = (rows: ActionList["failedSignIns"]) => rows.reduce((all, { count }) => all + count, 0)
  const { actions: before, failedSignIns: rows } = await stack.admin<ActionList>("GET", "/actions")
  const guess = (url: string, token: string) =>
    fetch(`${url}/api/v1/admin/nodes`, { headers: { Authorization: `Bearer ${token}` } })
  for (const [at, url] of stack.urls.entries()) {
    for (let more = 0; more < 5; more++) expect((await guess(url, `guess ${at} ${more}`)).status).toBe(401)
  }
  const counted = await eventually("every replica has written its count", async () => {
    const { failedSignIns, actions } = await stack.admin<ActionList>("GET", "/actions")
    return sumOf(failedSignIns) >= sumOf(rows) + 5 * stack.urls.length && { actions, failedSignIns }
  })
  expect(counted.failedSignIns.length).toBeLessThan(4)
  expect(counted.actions).toEqual(before)
})
