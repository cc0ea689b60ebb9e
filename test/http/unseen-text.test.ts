import { afterAll, beforeAll, expect, test } from "bun:test"
import { calendarFile } from "../../src/http/nojs/calendar.ts"
import { doorbuster } from "../support/launch.ts"
import { ADMIN_TOKEN, DEMO_SALE, System } from "../support/system.ts"

// The kind: text of one person that is obeyed, not shown, where another reads it: by a terminal, a calendar, a log or a browser.

let system: System
beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "1" } })
}, 60_000)
afterAll(() => system?.stop())

const HEADERS = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" }
const item = { sku: "one", name: "One", price: { amount: 1, currency: "EUR" }, total: 1 }
const create = (id: string, name: string, itemName: string) =>
  fetch(`${system.url}/api/v1/admin/sales`, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({ id, name, opensAt: new Date().toISOString(), items: [{ ...item, name: itemName }] }),
  })

test.each(["\x1b[2J", "a\u202Eb", "a\x85b", "a\u2066b", "a\nb"])(
  "given the name %j, no sale and no item gets it",
  async name => {
    for (const answer of [await create("odd", name, "One"), await create("odd", "Odd", name)]) {
      expect(answer.status).toBe(400)
      expect(await answer.text()).toContain("must have no control characters")
    }
    const patch = { method: "PATCH", headers: HEADERS, body: JSON.stringify({ name }) }
    expect((await fetch(`${system.url}/api/v1/admin/sales/${DEMO_SALE}`, patch)).status).toBe(400)
  },
)

test("given a sale of an earlier release with such a name, its calendar file shows it escaped", () => {
  const sale = { id: "old", name: "a\x1b[2J\r\nATTENDEE:b", opensAt: 0 } as Parameters<typeof calendarFile>[0]
  const file = calendarFile(sale, "http://localhost/sales/old", 0)
  expect(file.replaceAll("\r\n", "")).not.toMatch(/\p{Cc}/u)
  expect(file).not.toMatch(/^ATTENDEE/m)
})

test("given names in any script, they are taken and shown as they are", async () => {
  expect((await create("shoes", "حذاء 靴", "Größe 42")).status).toBe(201)
  const { out } = await doorbuster(["sale", "list", "--url", system.url, "--data-dir", system.dataDir], { ADMIN_TOKEN })
  expect(out).toContain("shoes")
})

test("every text says how it is encoded", async () => {
  await create("encoded", "One", "One")
  const texts = ["/livez", "/readyz", "/metrics", "/", "/docs", "/plain.css", "/plain.js", "/sales/encoded?plain"]
  for (const path of [...texts, "/sales/encoded/calendar.ics", "/api/v1/admin/sales/encoded/orders.csv"]) {
    const { headers, status } = await fetch(system.url + path, { headers: HEADERS })
    expect([path, status, headers.get("content-type")]).toEqual([path, 200, expect.stringContaining("charset=utf-8")])
  }
})

test("every page forbids frames, foreign windows, foreign scripts and sensors", async () => {
  for (const path of ["/", "/control", "/docs", `/sales/${DEMO_SALE}`, `/sales/${DEMO_SALE}?plain`, "/?plain"]) {
    const { status, headers } = await fetch(`${system.url}${path}`)
    expect([path, status]).toEqual([path, 200])
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'")
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin")
    expect(headers.get("permissions-policy")).toContain("camera=()")
    expect(headers.get("x-frame-options")).toBe("DENY")
  }
})
