import { expect, test } from "bun:test"
import { GUESSES_MAX } from "../../src/http/auth/login-throttle.ts"
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
