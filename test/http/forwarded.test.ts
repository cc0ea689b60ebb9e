import { expect, test } from "bun:test"
import { GUESSES_MAX } from "../../src/http/auth/login-throttle.ts"
import { forwardedAddress } from "../../src/http/forwarded.ts"
import { System } from "../support/system.ts"

/** What another client is answered for a wrong administrator's token after many, when all requests come through a proxy. */
async function guessAfterOthers(env: Record<string, string>): Promise<number> {
  await using system = await System.start({ env: { ...env, REPLICAS: "1" } })
  const nodes = (token: string, address: string) =>
    system.request("/api/v1/admin/nodes", { token, headers: { "X-Forwarded-For": address } })
  for (let guess = 0; guess <= GUESSES_MAX; guess++) await nodes(`guess-number-${guess}`, "192.0.2.1")
  expect((await nodes("one-guess-more", "192.0.2.1")).status).toBe(429)
  return (await nodes("a-first-guess", "192.0.2.2")).status
}

test("behind a proxy only the client that guessed has to wait", async () => {
  expect(await guessAfterOthers({ TRUST_PROXY: "1" })).toBe(401)
})

test("without a proxy a client cannot choose its address with X-Forwarded-For", async () => {
  expect(await guessAfterOthers({})).toBe(429)
})

test.each<[string | null, number, string | undefined]>([
  ["192.0.2.1", 0, undefined],
  [null, 1, undefined],
  ["192.0.2.1", 1, "192.0.2.1"],
  ["forged, 192.0.2.1", 1, "192.0.2.1"],
  ["192.0.2.66, 192.0.2.1", 1, "192.0.2.1"],
  ["192.0.2.66, 192.0.2.1, 10.0.0.1", 2, "192.0.2.1"],
  ["192.0.2.66,192.0.2.1 ,10.0.0.1, 10.0.0.2", 3, "192.0.2.1"],
  ["192.0.2.1", 2, undefined],
  ["", 1, undefined],
  ["192.0.2.1,", 1, undefined],
  ["192.0.2.1:4711", 1, "192.0.2.1"],
  ["2001:db8::1", 1, "2001:db8::1"],
  ["[2001:db8::1]", 1, "2001:db8::1"],
  ["[2001:db8::1]:4711", 1, "2001:db8::1"],
  ["[2001:db8::1", 1, undefined],
  ["unknown", 1, undefined],
  ["_hidden", 1, undefined],
  ["192.0.2.1<script>", 1, undefined],
  ["192.0.2.999", 1, undefined],
  [`${"9".repeat(10_000)}`, 1, undefined],
])("given X-Forwarded-For: %s and %d proxies, the client is %s", (header, proxies, address) => {
  expect(forwardedAddress(header, proxies)?.address).toBe(address)
})

test.each<[string, string, number]>([
  ["1", "192.0.2.2, 198.51.100.7", 429],
  ["2", "192.0.2.2, 198.51.100.7", 401],
])("with TRUST_PROXY=%s, %s is answered %d to a guess", async (hops, forwarded, status) => {
  await using system = await System.start({ env: { TRUST_PROXY: hops, REPLICAS: "1" } })
  const guess = (token: string, from: string) =>
    system.request("/api/v1/admin/nodes", { token, headers: { "X-Forwarded-For": from } })
  for (let at = 0; at <= GUESSES_MAX; at++) await guess(`guess-number-${at}`, "192.0.2.1, 198.51.100.7")
  expect((await guess("a-first-guess", forwarded)).status).toBe(status)
})
