/** Points of a plot at most: beyond it neighbours are joined, two by two. */
const POINTS_MAX = 96
const FIRST_STEP_MS = 20
/** Latencies from a tenth of a millisecond to minutes, each class a fifth wider than the one before. */
const CLASSES = 80
const CLASS_MIN_MS = 0.1
const CLASS_GROWTH = 1.2

export const PURCHASE_RESULTS = ["sold", "held", "refused", "unknown"] as const
export type PurchaseResult = (typeof PURCHASE_RESULTS)[number]

class Point {
  readonly ends: Record<PurchaseResult, number> = { sold: 0, held: 0, refused: 0, unknown: 0 }
  readonly classes = new Uint32Array(CLASSES)

  add(other: Point): void {
    for (const end of PURCHASE_RESULTS) this.ends[end] += other.ends[end]
    for (const [at, count] of other.classes.entries()) this.classes[at]! += count
  }

  /** The upper end of the class in which the quantile lies; null where nothing ended. */
  quantileMs(share: number): number | null {
    const rank = share * this.classes.reduce((sum, count) => sum + count, 0)
    let passed = 0
    for (const [at, count] of this.classes.entries()) {
      passed += count
      if (count > 0 && passed >= rank) return CLASS_MIN_MS * CLASS_GROWTH ** at
    }
    return null
  }
}

/** How purchases ended in the course of time, however long it takes: as many points as a plot can show. */
export class ResultTimeline {
  #stepMs = FIRST_STEP_MS
  #points: Point[] = []

  constructor(private readonly start = performance.now()) {}

  settle(end: PurchaseResult, latencyMs: number, now = performance.now()): void {
    let at = Math.max(0, Math.floor((now - this.start) / this.#stepMs))
    while (at >= POINTS_MAX) {
      this.#join()
      at = Math.floor(at / 2)
    }
    while (this.#points.length <= at) this.#points.push(new Point())
    const point = this.#points[at]!
    const place = Math.ceil(Math.log(Math.max(1, latencyMs / CLASS_MIN_MS)) / Math.log(CLASS_GROWTH))
    point.ends[end]++
    point.classes[Math.min(CLASSES - 1, place)]!++
  }

  /** The middle of each point, in seconds since the start. */
  get seconds(): number[] {
    return this.#points.map((_, at) => ((at + 0.5) * this.#stepMs) / 1000)
  }

  /** Purchases that ended so, per second. */
  perSecond(end: PurchaseResult): number[] {
    return this.#points.map(({ ends }) => (ends[end] * 1000) / this.#stepMs)
  }

  quantileMs(share: number): (number | null)[] {
    return this.#points.map(point => point.quantileMs(share))
  }

  #join(): void {
    const joined: Point[] = []
    for (const [at, point] of this.#points.entries()) {
      if (at % 2 === 0) joined.push(point)
      else joined.at(-1)!.add(point)
    }
    this.#points = joined
    this.#stepMs *= 2
  }
}
