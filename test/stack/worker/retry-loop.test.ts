import { describe, expect, test } from "bun:test"
import { loop } from "../../../src/stack/worker/retry-loop.ts"
import { eventually } from "../../support/eventually.ts"
import { Notes } from "./notes.ts"

describe("a loop", () => {
  test("repeats its step until it is stopped, and ends after the step that is under way", async () => {
    const notes = new Notes()
    let steps = 0
    const finish = Promise.withResolvers<void>()
    const running = loop(
      "count",
      async () => {
        if (++steps === 3) await finish.promise
        return 0
      },
      notes.log,
    )
    await eventually("the third step", () => steps === 3)
    let isOver = false
    const over = running.stop().then(() => {
      isOver = true
    })
    await Bun.sleep(5)
    expect(isOver).toBe(false)
    finish.resolve()
    await over
    expect(steps).toBe(3)
    expect(notes.lines).toEqual([])
  })

  test("does not wait for its rest when it is stopped", async () => {
    const running = loop("rest", async () => 1_000_000, new Notes().log)
    await Bun.sleep(1)
    await running.stop()
  })

  test("never gives up, and says once what is wrong and once that it is over", async () => {
    const notes = new Notes()
    let wrong: string | undefined = "the disk is full"
    let failures = 0
    const running = loop(
      "write",
      async () => {
        if (wrong === undefined) return 1
        failures++
        throw new Error(wrong)
      },
      notes.log,
    )
    await eventually("it failed four times", () => failures > 3)
    expect(running.fault).toBe("the disk is full")
    wrong = "the disk is gone"
    await eventually("it failed otherwise", () => running.fault === wrong)
    wrong = undefined
    await eventually("it works", () => running.fault === undefined)
    await running.stop()
    expect(notes.lines.map(({ msg, error, work }) => [msg, error, work])).toEqual([
      ["fails, and is tried again", "the disk is full", "write"],
      ["fails, and is tried again", "the disk is gone", "write"],
      ["works again", undefined, "write"],
    ])
  })

  test("a step that takes long can say that all is well", async () => {
    const notes = new Notes()
    let failed = false
    const end = Promise.withResolvers<number>()
    const running = loop(
      "lead",
      async well => {
        if (!failed) {
          failed = true
          throw new Error("no")
        }
        well()
        return end.promise
      },
      notes.log,
    )
    await eventually("it is well", () => failed && running.fault === undefined)
    end.resolve(0)
    await running.stop()
  })
})
