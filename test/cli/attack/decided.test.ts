import { expect, test } from "bun:test"
import { attack } from "../../../src/cli/attack/attack.ts"
import { http, openFakeServer } from "./fake-server.ts"

/* The kind: a test that reports success although it tried nothing, because every attempt ended before the rules decided it. */
async function attackWith(code: string, status: number): Promise<{ ok: boolean; faults: string[] }> {
  using server = openFakeServer(10, () => http(status, JSON.stringify({ code })))
  const faults: string[] = []
  const options = { url: server.url, buyers: 3, patienceMs: 50, timeoutMs: 500 }
  const { ok } = await attack(options, { fault: sentence => faults.push(sentence) })
  return { ok, faults }
}

test.each([
  ["unauthorized", 401],
  ["invalid_request", 400],
  ["sale_unknown", 404],
  ["key_reused", 422],
  ["not_admitted", 403],
  ["sale_not_open", 409],
  ["sale_paused", 409],
  ["sale_closed", 409],
  ["rate_limited", 429],
  ["a_new_word", 409],
] as const)("given only %s, the attack is not OK", async (code, status) => {
  const sentence = `No attempt was decided, so nothing was tried: 3 ${code}.`
  expect(await attackWith(code, status)).toEqual({ ok: false, faults: [sentence] })
})

test.each(["sold_out", "all_held", "limit_reached", "overloaded"])(
  "given only %s, the attack is OK: the rules were tried",
  async code => {
    expect(await attackWith(code, 409)).toEqual({ ok: true, faults: [] })
  },
)

test("given one attempt that was decided among many that were not, the attack is OK", async () => {
  using server = openFakeServer(1, (asked, own) =>
    own.stock.free > 0 ? own.sell(asked) : http(401, JSON.stringify({ code: "unauthorized" })),
  )
  expect((await attack({ url: server.url, buyers: 3 })).ok).toBe(true)
})
