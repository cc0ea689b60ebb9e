import { describe, expect, test } from "bun:test"
import { Arrivals, DRAIN_TURNS_MAX, GAP_MS, UNSURE_MS } from "../../../src/http/purchase/arrivals.ts"
import { FakeTime } from "../../support/fake-time.ts"

const NOTHING = Number.NEGATIVE_INFINITY
/** The edge's clock when the process's is 0. */
const EDGE = 1_790_000_000_000

/** Requests that a process reads, whose time and event loop the test moves by hand. Its time begins at 0. */
class Reader {
  readonly time = new FakeTime(0)
  readonly arrivals: Arrivals
  #work: (() => void)[] = []

  constructor(isStamped = true) {
    this.arrivals = new Arrivals({ time: this.time, isStamped, soon: work => this.#work.push(work) })
    this.arrivals.start()
  }

  get now(): number {
    return this.time.monotonic()
  }

  /** Reads a request that was stamped at `stampedAt` of this process's time, by an edge whose clock is `ahead`. */
  read(stampedAt = this.now, { ahead = 0, edge = "edge" } = {}): number {
    return this.readText(`${edge} ${((EDGE + stampedAt + ahead) / 1000).toFixed(3)}`)
  }

  readText(stamp: string): number {
    return this.arrivals.of(new Headers({ "X-Arrival": stamp }))
  }

  /** A request without a stamp. */
  readPlain(): number {
    return this.arrivals.of(new Headers())
  }

  /** The process does not run, and its timers run once afterwards. */
  async suspend(ms: number): Promise<void> {
    const { time } = this
    this.arrivals.of(new Headers())
    await this.arrivals[Symbol.asyncDispose]()
    await time.advance(ms)
  }

  turn(): void {
    const work = this.#work
    this.#work = []
    for (const task of work) task()
  }
}

describe("given stamps", () => {
  test("a request arrived when it was stamped, whatever the edge's clock says", () => {
    for (const ahead of [0, 3_600_000, -3_600_000]) {
      const reader = new Reader()
      expect(reader.read(0, { ahead })).toBe(0)
    }
  })

  test("the request that came fastest tells how the clocks differ", async () => {
    const reader = new Reader()
    await reader.time.advance(1000)
    reader.read(960)
    // It was read 2 ms after it was stamped, so the one before had waited for 38 ms.
    expect(reader.read(998)).toBe(1000)
    expect(reader.read(960)).toBe(962)
  })

  test("a suspended process knows how long a request waited in its socket, and learns nothing from it", async () => {
    const reader = new Reader()
    reader.read()
    await reader.suspend(60_000)
    expect(reader.read(100)).toBe(100)
    await reader.time.advance(10)
    expect(reader.read(200)).toBe(200)
    expect(reader.read()).toBe(reader.now)
  })

  test("a process that was suspended before its first request calls what it reads late, until it can learn", async () => {
    const reader = new Reader()
    await reader.suspend(2 * GAP_MS)
    expect(reader.read(0)).toBe(NOTHING)
    reader.arrivals.start()
    await reader.time.advance(UNSURE_MS + 1)
    expect(reader.read()).toBe(reader.now)
  })

  test("samples stay until newer ones replace them, however old they are", async () => {
    const reader = new Reader()
    reader.read()
    await reader.time.advance(600_000)
    expect(reader.read(reader.now - 5000)).toBe(reader.now - 5000)
  })

  test("an edge's clock that is set back is learnt from the requests that follow", async () => {
    const reader = new Reader()
    for (let at = 0; at < 20; at++) reader.read()
    const back = { ahead: -10_000 }
    for (let at = 0; at < 60; at++) {
      await reader.time.advance(100)
      reader.read(reader.now, back)
    }
    expect(reader.read(reader.now, back)).toBe(reader.now)
  })

  test("each edge has a clock of its own", () => {
    const reader = new Reader()
    expect(reader.read(0, { edge: "a", ahead: 5000 })).toBe(0)
    expect(reader.read(0, { edge: "b", ahead: -5000 })).toBe(0)
    expect(reader.read(0, { edge: "a", ahead: 5000 })).toBe(0)
  })

  test("text that is no stamp is none", () => {
    const reader = new Reader()
    for (const text of ["", "edge", "edge x", "edge 1", "a b 1790000000.000", `${"e".repeat(65)} 1790000000.000`]) {
      expect(reader.readText(text)).toBe(reader.now)
    }
  })

  test("a process that believes nobody's stamps ignores them", async () => {
    const reader = new Reader(false)
    await reader.time.advance(10_000)
    expect(reader.read(0)).toBe(reader.now)
  })
})

describe("given no stamps", () => {
  test("what a suspended process can read when it runs on is late, and what comes afterwards is not", async () => {
    const reader = new Reader(false)
    expect(reader.readPlain()).toBe(reader.now)
    await reader.suspend(GAP_MS + 1)
    for (let turn = 0; turn < 5; turn++) {
      expect(reader.readPlain()).toBe(NOTHING)
      reader.turn()
    }
    for (let turn = 0; turn < 3; turn++) reader.turn()
    expect(reader.readPlain()).toBe(reader.now)
  })

  test("a process that is never without a purchase reads as always once it has read every socket", async () => {
    const reader = new Reader(false)
    await reader.suspend(GAP_MS + 1)
    for (let turn = 0; turn < DRAIN_TURNS_MAX; turn++) {
      expect(reader.readPlain()).toBe(NOTHING)
      reader.turn()
    }
    expect(reader.readPlain()).toBe(reader.now)
  })

  test("a process that is only busy reads as always", async () => {
    const reader = new Reader(false)
    await reader.suspend(GAP_MS)
    expect(reader.readPlain()).toBe(reader.now)
  })
})
