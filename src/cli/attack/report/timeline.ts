/** The most points that a plot shows. When there would be more, neighbours are joined two by two. */
const POINTS_MAX = 96
const FIRST_STEP_MS = 20
/** Classes of latency from a tenth of a millisecond to minutes, each a fifth wider than the one before. */
const CLASSES = 80
const CLASS_MIN_MS = 0.1
const CLASS_GROWTH = 1.2

export const PURCHASE_RESULTS = ["sold", "held", "refused", "unknown"] as const
export type PurchaseResult = (typeof PURCHASE_RESULTS)[number]

class Point {
  readonly results: Record<PurchaseResult, number> = { sold: 0, held: 0, refused: 0, unknown: 0 }
  readonly classes = new Array<number>(CLASSES).fill(0)

  count(result: PurchaseResult, latencyMs: number): void {
    const place = Math.ceil(Math.log(Math.max(1, latencyMs / CLASS_MIN_MS)) / Math.log(CLASS_GROWTH))
    this.results[result]++
    this.#addToClass(Math.min(CLASSES - 1, place), 1)
  }

  add(other: Point): void {
    for (const result of PURCHASE_RESULTS) this.results[result] += other.results[result]
    for (const [place, count] of other.classes.entries()) this.#addToClass(place, count)
  }

  /** The upper end of the class that contains the quantile; null when no purchase ended here. */
  quantileMs(share: number): number | null {
    const rank = share * this.classes.reduce((sum, count) => sum + count, 0)
    let passed = 0
    for (const [place, count] of this.classes.entries()) {
      passed += count
      if (count > 0 && passed >= rank) return CLASS_MIN_MS * CLASS_GROWTH ** place
    }
    return null
  }

  #addToClass(place: number, count: number): void {
    this.classes[place] = (this.classes[place] ?? 0) + count
  }
}

/** The results of purchases over time. However long the attack lasts, there are no more points than a plot can show. */
export class ResultTimeline {
  #stepMs = FIRST_STEP_MS
  #points: Point[] = []

  /** Times are in milliseconds on one monotonic clock. */
  constructor(private readonly start: number) {}

  settle(result: PurchaseResult, latencyMs: number, now: number): void {
    let at = Math.max(0, Math.floor((now - this.start) / this.#stepMs))
    while (at >= POINTS_MAX) {
      this.#joinNeighbours()
      at = Math.floor(at / 2)
    }
    while (this.#points.length < at) this.#points.push(new Point())
    const point = this.#points[at] ?? new Point()
    this.#points[at] = point
    point.count(result, latencyMs)
  }

  /** The middle of each point, in seconds since the start. */
  get seconds(): number[] {
    return this.#points.map((_, at) => ((at + 0.5) * this.#stepMs) / 1000)
  }

  /** Purchases with this result per second, at each point. */
  perSecond(result: PurchaseResult): number[] {
    return this.#points.map(({ results }) => (results[result] * 1000) / this.#stepMs)
  }

  quantileMs(share: number): (number | null)[] {
    return this.#points.map(point => point.quantileMs(share))
  }

  #joinNeighbours(): void {
    const joined: Point[] = []
    for (let at = 0; at < this.#points.length; at += 2) {
      const both = new Point()
      for (const point of this.#points.slice(at, at + 2)) both.add(point)
      joined.push(both)
    }
    this.#points = joined
    this.#stepMs *= 2
  }
}
