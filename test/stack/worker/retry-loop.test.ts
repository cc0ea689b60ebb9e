import { describe, expect, test } from "bun:test"
import { RetryLoop, type Step } from "../../../src/stack/worker/retry-loop.ts"
import { eventually } from "../../support/eventually.ts"
import { RecordedLog } from "./recorded-log.ts"

function start(name: string, step: Step, log = new RecordedLog()): RetryLoop {
  const loop = new RetryLoop({ name, step, log: log.pino })
  loop.start()
  return loop
}

describe("a retry loop", () => {
  test("does nothing until it is started", async () => {
    let steps = 0
    await using loop = new RetryLoop({ name: "count", step: async () => ++steps, log: new RecordedLog().pino })
    await new Promise(setImmediate)
    expect(steps).toBe(0)
    expect(loop.fault).toBeUndefined()
  })

  test("repeats its step until it is disposed of, and waits for the step that is under way", async () => {
    const log = new RecordedLog()
    let steps = 0
    const finish = Promise.withResolvers<void>()
    const loop = start(
      "count",
      async () => {
        if (++steps === 3) await finish.promise
        return 0
      },
      log,
    )
    await eventually("the third step has begun", () => steps === 3)
    let isOver = false
    const over = loop[Symbol.asyncDispose]().then(() => {
      isOver = true
    })
    await new Promise(setImmediate)
    expect(isOver).toBe(false)
    finish.resolve()
    await over
    expect(steps).toBe(3)
    expect(log.lines).toEqual([])
  })

  test("cuts its pause short when it is disposed of", async () => {
    const stepped = Promise.withResolvers<void>()
    const loop = start("rest", async () => {
      stepped.resolve()
      return 1_000_000
    })
    await stepped.promise
    await loop[Symbol.asyncDispose]()
  })

  test("aborts the signal of a step that waits, when it is disposed of", async () => {
    const begun = Promise.withResolvers<void>()
    const loop = start("wait", async (_, stopping) => {
      begun.resolve()
      await new Promise(resolve => stopping.addEventListener("abort", resolve))
      return 0
    })
    await begun.promise
    await loop[Symbol.asyncDispose]()
  })

  test("retries for ever, and logs each reason once and the recovery once", async () => {
    const log = new RecordedLog()
    let wrong: string | undefined = "the disk is full"
    let failures = 0
    const loop = start(
      "write",
      async () => {
        if (wrong === undefined) return 1
        failures++
        throw new Error(wrong)
      },
      log,
    )
    await eventually("it failed four times", () => failures > 3)
    expect(loop.fault).toBe("the disk is full")
    wrong = "the disk is gone"
    await eventually("it failed for another reason", () => loop.fault === wrong)
    wrong = undefined
    await eventually("it works", () => loop.fault === undefined)
    await loop[Symbol.asyncDispose]()
    expect(log.lines.map(({ msg, error, work }) => [msg, error, work])).toEqual([
      ["failed; trying again", "the disk is full", "write"],
      ["failed; trying again", "the disk is gone", "write"],
      ["works again", undefined, "write"],
    ])
  })

  test("has no fault any more once a step that takes long says that it is healthy", async () => {
    let hasFailed = false
    const end = Promise.withResolvers<number>()
    const loop = start("lead", async healthy => {
      if (!hasFailed) {
        hasFailed = true
        throw new Error("no")
      }
      healthy()
      return end.promise
    })
    await eventually("the fault is gone", () => hasFailed && loop.fault === undefined)
    end.resolve(0)
    await loop[Symbol.asyncDispose]()
  })
})
