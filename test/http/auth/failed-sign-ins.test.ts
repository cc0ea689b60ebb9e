import { expect, test } from "bun:test"
import type { FailedSignIns } from "../../../src/core/ports/logbook.ts"
import { FailedSignInCounter } from "../../../src/http/auth/failed-sign-ins.ts"
import { FakeTime } from "../../support/fake-time.ts"
import { NO_LOGBOOK } from "../../support/no-fleet.ts"

test("given wrong tokens from ever more subnets, a minute has at most 51 rows and loses no count", async () => {
  const time = new FakeTime()
  const written: FailedSignIns[] = []
  const logbook = {
    ...NO_LOGBOOK,
    addFailures: async (rows: readonly FailedSignIns[]) => {
      written.push(...rows)
    },
  }
  const counter = new FailedSignInCounter(logbook, { warn() {}, error() {} }, time)
  for (let at = 0; at < 1000; at++) counter.add(`2001:db8:0:${at}`)
  expect(written).toEqual([])
  await counter.flush()
  expect(written).toHaveLength(51)
  expect(written.reduce((sum, { count }) => sum + count, 0)).toBe(1000)
  expect(written.find(({ subnet }) => subnet === "others")?.count).toBe(950)
})
