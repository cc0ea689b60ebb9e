/** The most lines that one check keeps. One broken fact can break every later one, so more lines would be noise. */
const LINES_KEPT = 100

export interface CheckResult {
  name: string
  ok: boolean
  detail: string
  /** The check could not run, because its input is missing. */
  skipped?: true
}

/** One promise and its violations. */
export class Check {
  readonly #lines: string[] = []
  #count = 0

  constructor(readonly name: string) {}

  fails(line: string): void {
    if (this.#count++ < LINES_KEPT) this.#lines.push(line)
  }

  /** One line per violation. Each begins with the name of the promise. */
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
