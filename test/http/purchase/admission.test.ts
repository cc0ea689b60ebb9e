import { describe, expect, test } from "bun:test"
import type { Answer, Reserve } from "../../../src/core/command.ts"
import { Admission, ATTEMPT_MAX_MS, QUEUED_MAX } from "../../../src/http/purchase/admission.ts"
import { BATCH_MAX, Batcher } from "../../../src/http/purchase/batcher.ts"
import type { ShedReason } from "../../../src/observability/metric-catalog.ts"
import { FakeTime } from "../../support/fake-time.ts"

// Kind: a simulation. Time moves by hand, so the same attempts are shed in every run, however busy the machine is.

/** Attempts arrive this often. */
const TICK_MS = 10

interface Tally {
  sent: number
  ok: number
  overloaded: number
  unknown: number
  /** The longest wait of an attempt that was decided, in milliseconds. */
  slowest: number
}

interface StoreSpeed {
  /** Milliseconds of a call, and of each attempt in it. */
  call: number
  attempt: number
}

/** One replica before a store that decides one call after the other, at a speed that the test chooses. */
class Replica {
  readonly time = new FakeTime(0)
  readonly shed = new Map<ShedReason, number>()
  readonly tallies = new Map<string, Tally>()
  mostPending = 0
  calls = 0
  #freeAt = 0
  readonly admission = new Admission({
    clock: this.time,
    batchMax: BATCH_MAX,
    shed: reason => this.shed.set(reason, (this.shed.get(reason) ?? 0) + 1),
  })
  readonly batcher = new Batcher({
    call: batch => this.#call(batch),
    admission: this.admission,
    time: this.time,
    soon: work => void this.time.after(0, work),
  })

  constructor(public speed: StoreSpeed) {
    this.batcher.start()
  }

  /** The most attempts that the store decides in a second. */
  get capacity(): number {
    return (1000 * BATCH_MAX) / (this.speed.call + BATCH_MAX * this.speed.attempt)
  }

  /** One attempt of a customer of this kind, through the door and into the queue, as `purchase` does it. */
  async attempt(kind: string, customerId: string, key = `k-${this.#tally(kind).sent}`): Promise<void> {
    const tally = this.#tally(kind)
    tally.sent++
    const began = this.time.monotonic()
    const { outcome } = this.batcher.refuses(customerId, key)
      ? { outcome: "overloaded" }
      : await this.batcher.submit(this.#reserve(customerId, key))
    if (outcome === "confirmed") {
      tally.ok++
      tally.slowest = Math.max(tally.slowest, this.time.monotonic() - began)
    } else if (outcome === "overloaded") tally.overloaded++
    else tally.unknown++
  }

  /** This many customers of a kind, at once; resolves when they have their answers. */
  async attemptAll(kind: string, count: number): Promise<void> {
    const all = Array.from({ length: count }, (_, at) => this.attempt(kind, `${kind}-${at}`))
    await this.time.advance(3 * ATTEMPT_MAX_MS)
    await Promise.all(all)
  }

  /** Attempts at a steady rate. `kinds` says for each kind how many a second, and by whom. */
  async run(ms: number, kinds: Record<string, { rate: number; customer?: string }>): Promise<void> {
    const owed = new Map<string, number>()
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      const turn: [kind: string, customer: string][] = []
      for (const [kind, { rate, customer }] of Object.entries(kinds)) {
        const due = (owed.get(kind) ?? 0) + (rate * TICK_MS) / 1000
        for (let at = 1; at <= due; at++) turn.push([kind, customer ?? `${kind}-${this.#tally(kind).sent + at}`])
        owed.set(kind, due % 1)
      }
      for (const [kind, customer] of shuffled(turn)) void this.attempt(kind, customer)
      this.mostPending = Math.max(this.mostPending, this.batcher.pending)
      await this.time.advance(TICK_MS)
    }
  }

  /** Every attempt that began is answered afterwards. */
  async end(): Promise<void> {
    await this.time.advance(2 * ATTEMPT_MAX_MS)
    expect(this.batcher.pending).toBe(0)
  }

  of(kind: string): Tally {
    return this.#tally(kind)
  }

  #tally(kind: string): Tally {
    const tally = this.tallies.get(kind) ?? { sent: 0, ok: 0, overloaded: 0, unknown: 0, slowest: 0 }
    this.tallies.set(kind, tally)
    return tally
  }

  #reserve(customerId: string, key: string): Reserve {
    const notAfter = this.time.monotonic() + ATTEMPT_MAX_MS
    return { kind: "reserve", saleId: "drop", sku: "shoe", quantity: 1, suffix: "0000", customerId, key, notAfter }
  }

  #call(batch: Reserve[]): Promise<Answer[]> {
    this.calls++
    const { call, attempt } = this.speed
    this.#freeAt = Math.max(this.#freeAt, this.time.monotonic()) + call + batch.length * attempt
    const at = this.#freeAt
    const decide = ({ notAfter }: Reserve): Answer => ({ outcome: at > notAfter ? "overloaded" : "confirmed" })
    return new Promise(resolve => void this.time.after(at - this.time.monotonic(), () => resolve(batch.map(decide))))
  }
}

/** In an order that is always the same. */
function shuffled<Value>(values: Value[]): Value[] {
  let seed = 7
  const next = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31)
  return values
    .map(value => ({ value, at: next() }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value)
}

/** Attempts decided in a second of the flood, after one in which the replica learns how fast its store is. */
async function goodput(speed: StoreSpeed, times: number): Promise<{ replica: Replica; perSecond: number }> {
  const replica = new Replica(speed)
  const buyers = { rate: replica.capacity * times }
  await replica.run(2000, { buyers })
  const before = replica.of("buyers").ok
  await replica.run(6000, { buyers })
  const perSecond = (replica.of("buyers").ok - before) / 6
  await replica.end()
  return { replica, perSecond }
}

const STEADY: StoreSpeed = { call: 50, attempt: 0.5 }
const STORES: Record<string, StoreSpeed> = {
  "a steady store": STEADY,
  "a store on a slow disk": { call: 400, attempt: 0.2 },
  "a store that is slow with each attempt": { call: 5, attempt: 2 },
}

for (const [name, speed] of Object.entries(STORES)) {
  test(`given five times the attempts that ${name} can decide, decides nine tenths of its peak, each in time`, async () => {
    const peak = await goodput(speed, 1)
    const { replica, perSecond } = await goodput(speed, 5)
    expect(perSecond).toBeGreaterThanOrEqual(0.9 * peak.perSecond)
    const { sent, ok, overloaded, unknown, slowest } = replica.of("buyers")
    expect(ok + overloaded + unknown).toBe(sent)
    // Only until the speed is known: an attempt that was sent too late.
    expect(unknown).toBeLessThanOrEqual(BATCH_MAX)
    expect(slowest).toBeLessThanOrEqual(ATTEMPT_MAX_MS)
    expect(replica.mostPending).toBeLessThanOrEqual(QUEUED_MAX + 2 * BATCH_MAX)
  })
}

test("given fewer attempts than the store can decide, or a burst that it decides in time, sheds none", async () => {
  const replica = new Replica(STEADY)
  await replica.run(3000, { buyers: { rate: replica.capacity * 0.8 } })
  for (let at = 0; at < 600; at++) void replica.attempt("burst", `burst-${at}`)
  await replica.end()
  expect(replica.shed.size).toBe(0)
  expect(replica.of("burst").ok).toBe(600)
})

describe("between customers", () => {
  test("given one customer with four times the capacity, sheds that one and hardly any with one attempt each", async () => {
    const replica = new Replica(STEADY)
    const { capacity } = replica
    await replica.run(8000, {
      single: { rate: capacity * 0.8 },
      hoarder: { rate: capacity * 4, customer: "hoarder" },
    })
    await replica.end()
    const [single, hoarder] = [replica.of("single"), replica.of("hoarder")]
    expect(single.ok / single.sent).toBeGreaterThan(0.95)
    // What the others leave is used.
    expect(hoarder.ok + single.ok).toBeGreaterThan(0.9 * capacity * 8)
    expect(hoarder.ok / hoarder.sent).toBeLessThan(0.1)
  })

  test("given more single attempts than the capacity, a customer with a thousand more gets one turn in a second", async () => {
    const replica = new Replica(STEADY)
    const { capacity } = replica
    const kinds = { single: { rate: capacity * 3 }, hoarder: { rate: capacity * 2, customer: "hoarder" } }
    await replica.run(3000, kinds)
    const before = replica.of("hoarder").ok
    await replica.run(6000, kinds)
    expect(replica.of("hoarder").ok - before).toBeLessThanOrEqual(7)
    await replica.end()
  })

  test("given few customers who all come often, the store still decides as much as it can", async () => {
    const replica = new Replica(STEADY)
    const { capacity } = replica
    const kinds = Object.fromEntries(["a", "b", "c"].map(customer => [customer, { rate: capacity * 2, customer }]))
    await replica.run(8000, kinds)
    const decided = ["a", "b", "c"].reduce((sum, kind) => sum + replica.of(kind).ok, 0)
    expect(decided).toBeGreaterThan(0.9 * capacity * 8)
    await replica.end()
  })
})

test("given a flood, an attempt that is repeated after an unknown outcome is decided, and so is one that was won", async () => {
  const replica = new Replica(STEADY)
  const { capacity } = replica
  await replica.attemptAll("won", 100)
  replica.speed = { call: 2 * ATTEMPT_MAX_MS, attempt: 0 }
  await replica.attemptAll("unknown", 100)
  expect(replica.of("unknown").unknown).toBe(100)
  replica.speed = STEADY
  await replica.run(3000, { flood: { rate: capacity * 5 } })
  for (const kind of ["won", "unknown"]) {
    for (let at = 0; at < 100; at++) void replica.attempt(`${kind} again`, `${kind}-${at}`, `k-${at}`)
  }
  await replica.run(3000, { flood: { rate: capacity * 5 } })
  await replica.end()
  expect(replica.of("won again").ok + replica.of("unknown again").ok).toBe(200)
  expect(replica.of("flood").overloaded).toBeGreaterThan(replica.of("flood").ok)
})

test("given a repetition that comes again and again, it is preferred once in a second", async () => {
  const replica = new Replica(STEADY)
  await replica.attemptAll("won", 1)
  await replica.run(3000, { flood: { rate: replica.capacity * 5 } })
  const { limit } = replica.admission
  const asked = Array.from({ length: 50 }, () => replica.admission.admits("won-0", "k-0", limit))
  expect(asked.filter(Boolean)).toHaveLength(1)
  await replica.end()
})

test("given more customers than it counts, begins to count again rather than fill the memory", () => {
  const admission = new Admission({ clock: new FakeTime(0), batchMax: BATCH_MAX })
  for (let at = 0; at < 20_000; at++) expect(admission.admits(`c-${at}`, "k", QUEUED_MAX - 1)).toBe(true)
  expect(admission.admits("one more", "k", QUEUED_MAX - 1)).toBe(true)
  expect(admission.admits("c-0", "k", QUEUED_MAX - 1)).toBe(true)
  expect(admission.admits("c-0", "k", QUEUED_MAX - 1)).toBe(false)
})
