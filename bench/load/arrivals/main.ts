/**
 * Buyers who arrive at a constant rate, whatever the server does (open loop): a process of its own, started by
 * `drive-arrivals.ts`. Each attempt has its moment, and its latency counts from that moment, so that an attempt that had to
 * wait for a connection, or for this process, is as slow as its buyer finds it: nothing is omitted.
 */
import { openSync, readSync } from "node:fs"
import { build, type Histogram } from "hdr-histogram-js"
import { Connections, type Sent } from "./connections.ts"

/** What the parent gives, as JSON in the first argument. */
export interface ArrivalsPlan {
  url: string
  body: string
  /** The file of tokens, one per line. */
  tokens: string
  keys: string
  connections: number
  seconds: number
  /** At first, while everything compiles, nothing is recorded. These seconds come before the others. */
  warmUpSeconds: number
  /** Attempts a second. Without it each connection sends its next attempt at once: so capacity is found (closed loop). */
  perSecond?: number
}

/** What the load found, as the line that it prints. */
export interface ArrivalsFound {
  seconds: number
  answers: number
  above399: number
  broken: number
  /** Arrivals that had no answer when the time was over. */
  unanswered: number
  bytesOut: number
  bytesIn: number
  /** From the moment an attempt should have left, in milliseconds. */
  latencyMs: Percentiles
  /** How much later than intended attempts left: the error of the load itself, which is part of the latency. */
  lateMs: Percentiles
}

export type Percentiles = Record<"p50" | "p90" | "p99" | "p999" | "max", number>

/** Between two looks at the sockets, at most: the clock's error of the load. Timers would wake up a millisecond late. */
const LOOK_EVERY_MS = 0.2
/** A sleep shorter than this costs more than it saves. */
const SLEEP_MIN_MS = 0.02
const GRACE_MS = 10_000
const TOKENS_CHUNK = 1 << 20

const histogram = () =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3 })

class Arrivals {
  readonly #latency = histogram()
  readonly #late = histogram()
  readonly #connections: Connections
  readonly #head: string
  readonly #tail: string
  readonly #tokens: Generator<string, never>
  readonly #allSeconds: number
  readonly #total: number
  readonly #cell = new Int32Array(new SharedArrayBuffer(4))
  readonly #done = Promise.withResolvers<void>()
  #from = 0
  #warm = 0
  /** How many have arrived, and how many of them have left. */
  #arrived = 0
  #left = 0
  #answers = 0
  #above399 = 0
  #broken = 0
  #last = 0

  constructor(private readonly plan: ArrivalsPlan) {
    const { host, hostname, port, pathname } = new URL(plan.url)
    this.#connections = new Connections(
      hostname,
      Number(port),
      (sent, status) => this.#answered(sent, status),
      () => this.#leave(),
    )
    this.#tokens = lines(plan.tokens)
    this.#head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${plan.body.length}\r\nAuthorization: Bearer `
    this.#tail = `\r\n\r\n${plan.body}`
    this.#allSeconds = plan.warmUpSeconds + plan.seconds
    this.#total = plan.perSecond ? Math.floor(plan.perSecond * this.#allSeconds) : Number.POSITIVE_INFINITY
  }

  async run(): Promise<ArrivalsFound> {
    await this.#connections.open(this.plan.connections)
    this.#from = performance.now()
    this.#warm = this.#from + this.plan.warmUpSeconds * 1000
    this.#turn()
    await this.#done.promise
    const { bytesIn, bytesOut, busy } = this.#connections
    const seconds = (this.#last - this.#warm) / 1000
    const unanswered = busy + this.#arrived - this.#left
    const counts = { answers: this.#answers, above399: this.#above399, broken: this.#broken, unanswered }
    return { seconds, ...counts, bytesIn, bytesOut, latencyMs: read(this.#latency), lateMs: read(this.#late) }
  }

  /** Lets arrive who is due, and looks again soon. */
  #turn(): void {
    const now = performance.now()
    const { perSecond, connections } = this.plan
    const end = this.#from + this.#allSeconds * 1000
    const isOver = now >= end
    if (perSecond) while (this.#arrived < this.#total && this.#intended(this.#arrived) <= now) this.#arrived++
    else this.#arrived = isOver ? this.#left : this.#left + connections
    this.#leave()
    const isDone = isOver && this.#left === this.#arrived && this.#connections.busy === 0
    if (isDone || now >= end + GRACE_MS) {
      this.#done.resolve()
      return
    }
    const next = perSecond && this.#arrived < this.#total ? this.#intended(this.#arrived) - now : LOOK_EVERY_MS
    const pause = Math.min(next, LOOK_EVERY_MS)
    if (pause > SLEEP_MIN_MS) Atomics.wait(this.#cell, 0, 0, pause)
    setImmediate(() => this.#turn())
  }

  #intended(index: number): number {
    return this.#from + (index * 1000) / (this.plan.perSecond ?? 1)
  }

  /** Sends those who have arrived, as long as there is a free connection. */
  #leave(): void {
    while (this.#left < this.#arrived && this.#connections.hasFree) {
      const intended = this.plan.perSecond ? this.#intended(this.#left) : performance.now()
      const token = this.#tokens.next().value
      const request = `${this.#head}${token}\r\nIdempotency-Key: ${this.plan.keys}${this.#left}${this.#tail}`
      this.#left++
      this.#connections.send(request, intended)
    }
  }

  #answered({ intended, left }: Sent, status: number): void {
    this.#last = performance.now()
    if (intended < this.#warm) return
    record(this.#latency, this.#last - intended)
    record(this.#late, left - intended)
    if (status === 0) this.#broken++
    else this.#answers++
    if (status > 399) this.#above399++
  }
}

/** Times are kept in microseconds. */
function record(into: Histogram, ms: number): void {
  into.recordValue(Math.max(1, Math.round(ms * 1000)))
}

function read(from: Histogram): Percentiles {
  const at = (percentile: number) => from.getValueAtPercentile(percentile) / 1000
  return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: from.maxValue / 1000 }
}

/** The lines of a file, over and over. */
function* lines(file: string): Generator<string, never> {
  const buffer = Buffer.alloc(TOKENS_CHUNK)
  for (;;) {
    const fd = openSync(file, "r")
    let rest = ""
    for (let size = readSync(fd, buffer); size > 0; size = readSync(fd, buffer)) {
      const parts = (rest + buffer.toString("latin1", 0, size)).split("\n")
      rest = parts.pop()!
      yield* parts
    }
  }
}

const found = await new Arrivals(JSON.parse(process.argv[2]!) as ArrivalsPlan).run()
process.stdout.write(`RESULT ${JSON.stringify(found)}\n`)
process.exit(0)
