import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { PERSONA_NAMES, parsePersonas, runPersonas } from "../../../../src/cli/attack/personas/run-personas.ts"
import { effort } from "../../../support/effort.ts"
import { ADMIN_TOKEN, System } from "../../../support/system.ts"

/** A naive shop: it decodes addresses, believes every Host, and locks operators out after the first guess. */
function naiveShop(): { url: string; [Symbol.asyncDispose](): Promise<void> } {
  let guesses = 0
  const sale = {
    id: "shoes",
    name: "Shoes",
    description: "",
    state: "open",
    opensAt: "2026-01-01T00:00:00Z",
    checkout: "instant",
    limitPerCustomer: 1,
    now: "2026-01-01T00:00:01Z",
    seq: 1,
    items: [
      { sku: "shoes", name: "Shoes", price: { amount: 1, currency: "EUR" }, total: 1, free: 1, held: 0, sold: 0 },
    ],
  }
  const answer = (path: string, request: Request): Response => {
    if (path === "/") return new Response('<script src="/assets/a.js"></script>')
    if (path === "/api/v1/sales") return Response.json({ sales: [sale] })
    if (path === "/api/v1/sessions") {
      return Response.json({ token: "t", customerId: "ann", expiresAt: "2027-01-01T00:00:00Z" }, { status: 201 })
    }
    if (path.startsWith("/api/v1/admin/")) {
      const isRight = request.headers.get("authorization") === `Bearer ${ADMIN_TOKEN}`
      return new Response(null, { status: guesses++ > 0 ? 429 : isRight ? 200 : 401 })
    }
    if (path.endsWith("/orders")) return Response.json({ code: "overloaded" }, { status: 503 })
    return new Response("metrics", { status: path === "/metrics" ? 200 : 404 })
  }
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: request => {
      const decoded = decodeURIComponent(request.url.replace(/^http:\/\/[^/]*/, "").replaceAll("\0", ""))
      return answer(URL.parse(decoded, "http://shop")?.pathname ?? "/", request)
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, [Symbol.asyncDispose]: () => server.stop(true) }
}

const attackOn = (url: string, personas: string[], durationMs: number) =>
  runPersonas({
    url,
    personas,
    durationMs,
    ownSystem: false,
    rate: 100,
    timeoutMs: 5_000,
    adminToken: ADMIN_TOKEN,
    signal: new AbortController().signal,
  })

test("names of personas are read, and an unknown one is refused in one sentence", () => {
  expect(parsePersonas("all")).toEqual(PERSONA_NAMES)
  expect(parsePersonas("junk,guess,junk")).toEqual(["junk", "guess"])
  expect(() => parsePersonas("ghost")).toThrow(/^--persona takes poison, .+ or all, not "ghost"\.$/)
})

test("given a shop that decodes addresses and locks operators out, the attack says what did not hold", async () => {
  await using shop = naiveShop()
  const { held, faults } = await attackOn(shop.url, ["poison", "guess"], 1_500)
  expect(held).toBe(false)
  expect(faults).toContainEqual(expect.stringMatching(/^Odd addresses were answered as if they were others: /))
  expect(faults).toContainEqual(expect.stringMatching(/^Hosts that are none were not refused: /))
  expect(faults).toContain("The right token was answered 429.")
  expect(faults).toContainEqual(expect.stringMatching(/^Honest buyers were answered 503, \d+ times\.$/))
})

describe("given all personas at once", () => {
  let system: System
  beforeAll(async () => {
    system = await System.start()
    await system.createSale("shoes", { checkout: "hold", holdSeconds: 600, total: 10_000, limitPerCustomer: 2 })
  }, 30_000)
  afterAll(() => system.stop())

  test("the embedded system holds, and honest buyers notice nothing", async () => {
    const { faults, personas } = await attackOn(system.url, PERSONA_NAMES, effort(8_000, 3_000))
    // How slow a busy machine is says nothing about the system.
    expect(faults.filter(fault => !fault.startsWith("Honest buyers waited"))).toEqual([])
    expect(Object.keys(personas)).toEqual(PERSONA_NAMES)
  }, 60_000)
})
