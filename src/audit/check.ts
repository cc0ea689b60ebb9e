/** Lines kept of one check: a broken journal can break every fact after it, and nobody reads the rest. */
const LINES_KEPT = 100

export interface CheckResult {
  name: string
  ok: boolean
  detail: string
  /** What the check needs was not given, so that it says nothing. */
  skipped?: true
}

/** One promise and what was found against it. */
export class Check {
  readonly #lines: string[] = []
  #count = 0

  constructor(readonly name: string) {}

  fails(line: string): void {
    if (this.#count++ < LINES_KEPT) this.#lines.push(line)
  }

  /** One line per violation, each beginning with the promise that it breaks. */
  violations(): string[] {
    const lines = this.#lines.map(line => `${this.name}: ${line}`)
    const unsaid = this.#count - lines.length
    return unsaid > 0 ? [...lines, `${this.name}: and ${counted(unsaid, "more violation")}`] : lines
  }

  result(detail: string): CheckResult {
    if (this.#count === 0) return { name: this.name, ok: true, detail }
    return { name: this.name, ok: false, detail: `${counted(this.#count, "violation")}; first: ${this.#lines[0]}` }
  }

  skipped(why: string): CheckResult {
    return { name: this.name, ok: true, detail: `not checked: ${why}`, skipped: true }
  }
}

/** `1,234 facts`, `1 fact`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`
}
