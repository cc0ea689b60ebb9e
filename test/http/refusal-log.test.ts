import { expect, test } from "bun:test"
import { RefusalLog } from "../../src/http/refusal-log.ts"
import { Responses } from "../../src/http/responses.ts"
import { FakeTime } from "../support/fake-time.ts"

/** The kind of fault held here: somebody tries what they may not, again and again, and no log says so, or nothing but that. */
function started() {
  const time = new FakeTime()
  const lines: unknown[] = []
  const log = { warn: (line: object) => void lines.push(line) }
  return { time, lines, responses: new Responses("node-1", new RefusalLog(log, time)) }
}

test("refused rights, unknown senders and too many requests are one line, with how many there were of each", async () => {
  const { time, lines, responses } = started()
  for (let at = 0; at < 1000; at++) responses.unauthorized("signature")
  responses.unauthorized()
  responses.refusal("unauthorized")
  responses.forbidden("the role operator")
  responses.refusal("rate_limited")
  responses.refused({ outcome: "rate_limited", retryAt: 5000 }, 1000)
  responses.locked(5)
  expect(lines).toEqual([])
  await time.advance(10_000)
  const refusals = {
    "401 unauthorized signature": 1000,
    "401 unauthorized missing": 1,
    "401 unauthorized": 1,
    "403 forbidden": 1,
    "429 rate_limited": 3,
  }
  expect(lines).toEqual([{ refusals, seconds: 10 }])
})

test("the next line counts from nothing, and without refusals there is none", async () => {
  const { time, lines, responses } = started()
  responses.unauthorized()
  await time.advance(60_000)
  responses.unauthorized()
  await time.advance(60_000)
  const line = { refusals: { "401 unauthorized missing": 1 }, seconds: 10 }
  expect(lines).toEqual([line, line])
})

test("what every launch has by the thousand is not in the log", async () => {
  const { time, lines, responses } = started()
  responses.refused({ outcome: "sold_out" }, 0)
  responses.refusal("sale_unknown")
  responses.refusal("overloaded")
  responses.notFound()
  await time.advance(60_000)
  expect(lines).toEqual([])
})
