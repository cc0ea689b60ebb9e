import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { FileTime } from "./output.ts"
import { ROOT } from "./selection.ts"

/** Milliseconds by file, of the run that recorded them last. */
export type Table = Record<string, number>

const FILE = join(ROOT, "scripts/test/durations.json")

/** How long test files took, at small counts and in full. */
export class Durations {
  private constructor(
    private readonly tables: Record<"brief" | "full", Table>,
    private readonly effort: "brief" | "full",
  ) {}

  static read(effort: "brief" | "full"): Durations {
    return new Durations(JSON.parse(readFileSync(FILE, "utf8")) as Record<"brief" | "full", Table>, effort)
  }

  of(file: string): number | undefined {
    return this.tables[this.effort][file] ?? this.tables.brief[file]
  }

  /** Keeps the measured durations, for the plan of later runs. */
  record(times: readonly FileTime[]): void {
    const table = Object.fromEntries(times.map(({ file, ms }) => [file, Math.round(ms / 100) * 100]))
    this.tables[this.effort] = Object.fromEntries(
      Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1)),
    )
    writeFileSync(FILE, `${JSON.stringify(this.tables, null, 2)}\n`)
  }
}
