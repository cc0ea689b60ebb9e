/** What Bun's test runner has said of the tests so far. */
export interface Counts {
  pass: number
  fail: number
  skip: number
}

export interface FileTime {
  file: string
  ms: number
}

/** Reads the output of `bun test` line by line. */
export class Output {
  readonly counts: Counts = { pass: 0, fail: 0, skip: 0 }
  /** Titles of what failed. */
  readonly failed: string[] = []
  readonly times: FileTime[] = []
  text = ""
  #rest = ""
  #isRepeating = false
  #since: number | undefined

  constructor(private readonly now: () => number) {}

  /** The file whose tests run now. */
  get file(): string | undefined {
    return this.times.at(-1)?.file
  }

  read(chunk: string): void {
    this.text += chunk
    const lines = (this.#rest + chunk).split("\n")
    this.#rest = lines.pop()!
    for (const line of lines) this.#line(plain(line))
  }

  /** Nothing more comes. What ended with neither a failed test nor success failed as a whole. */
  end(exit: string | number): void {
    if (this.#rest) this.#line(plain(this.#rest))
    this.#clock()
    if (exit !== 0 && this.counts.fail === 0) this.#fail(`${this.file ?? "bun test"} ended with ${exit}`)
    if (this.counts.pass + this.counts.fail + this.counts.skip === 0) this.#fail("no test ran")
  }

  #line(line: string): void {
    if (this.#isRepeating) return
    const [, verdict, title = ""] = /^\((pass|fail|skip)\) (.*?)(?: \[[\d.]+m?s\])?$/.exec(line) ?? []
    if (verdict === "fail") this.#fail(title)
    else if (verdict) this.counts[verdict as "pass" | "skip"]++
    else if (/^# Unhandled error between tests/.test(line)) this.#fail(`${this.file}: an error outside every test`)
    else if (/^test\/\S+\.test\.ts:$/.test(line)) this.#begin(line.slice(0, -1))
    // After many files, what failed or was left out is repeated at the end.
    else if (/^\d+ tests? (skipped|failed):$/.test(line)) this.#isRepeating = true
  }

  #fail(title: string): void {
    this.counts.fail++
    this.failed.push(title)
  }

  #begin(file: string): void {
    this.#clock()
    this.times.push({ file, ms: 0 })
    this.#since = this.now()
  }

  #clock(): void {
    const last = this.times.at(-1)
    if (last && this.#since !== undefined) last.ms = this.now() - this.#since
  }
}

function plain(line: string): string {
  return Bun.stripANSI(line)
}

export function sum(all: readonly Counts[]): Counts {
  const total = { pass: 0, fail: 0, skip: 0 }
  for (const counts of all) for (const word of ["pass", "fail", "skip"] as const) total[word] += counts[word]
  return total
}

/** The last line of every run. */
export function lastLine({ pass, fail, skip }: Counts): string {
  return `${pass} passed, ${fail} failed${skip > 0 ? `, ${skip} skipped` : ""}`
}
