import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "../support/files.ts"

const text = readFileSync(join(ROOT, "docs/security.md"), "utf8")

test("every test that docs/security.md names exists", () => {
  const named = [...text.matchAll(/`(test\/[\w./-]+)`/g)].flatMap(([, path]) => path ?? [])
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter(path => !existsSync(join(ROOT, path)))).toEqual([])
})

test("every row of docs/security.md that names a defence also says what shows it", () => {
  const rows = text.split("\n").filter(line => line.startsWith("|"))
  const headers = rows.flatMap((row, at) => (/^\|[ -]+\|/.test(row) ? [at - 1] : []))
  const bare: string[] = []
  for (const [nth, at] of headers.entries()) {
    if (!rows[at]!.includes("shown by")) continue
    const end = headers[nth + 1] ?? rows.length
    bare.push(...rows.slice(at + 2, end).filter(row => !/\|\s*\S[^|]*\|\s*$/.test(row)))
  }
  expect(bare).toEqual([])
})
