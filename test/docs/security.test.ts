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

/**
 * How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has: 253 in all. In every section they come before those of level 3,
 * so 1.2:9 stands for 1.2.1 to 1.2.9.
 */
const ASKED = `1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4
  5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1
  9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4
  13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2`

const asvs = readFileSync(join(ROOT, "docs/asvs.md"), "utf8")
  .split("\n")
  .filter(line => /^\| \d/.test(line))
  .map(line => {
    const [ids = "", , state = "", why = "", shown = ""] = line
      .split("|")
      .slice(1, -1)
      .map(cell => cell.trim())
    return { ids, state, why, shown: [...shown.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path) }
  })

/** `1.2.6–1.2.9` is four of them. */
function numbers(ids: string): string[] {
  return ids.split(", ").flatMap(part => {
    const [from = "", to = from] = part.split("–")
    const section = from.slice(0, from.lastIndexOf("."))
    const [first, last] = [from, to].map(id => Number(id.split(".")[2]))
    return between(section, first!, last!)
  })
}

function between(section: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, nth) => `${section}.${first + nth}`)
}

test("docs/asvs.md has each requirement of levels 1 and 2 in one row", () => {
  const asked = ASKED.split(/\s+/).flatMap(part => {
    const [section = "", count] = part.split(":")
    return between(section, 1, Number(count))
  })
  expect(asked.length).toBe(253)
  expect(asvs.flatMap(({ ids }) => numbers(ids)).sort()).toEqual(asked.sort())
})

test("every file that docs/asvs.md names exists, and every row that is held names one", () => {
  expect(asvs.flatMap(({ shown }) => shown).filter(path => !existsSync(join(ROOT, path)))).toEqual([])
  expect(asvs.filter(({ state, shown }) => state === "held" && shown.length === 0)).toEqual([])
})

test("every other row of docs/asvs.md is one of two states, and says why", () => {
  const others = asvs.filter(({ state }) => state !== "held")
  expect(others.filter(({ state, why }) => !["not held", "does not apply"].includes(state) || why === "")).toEqual([])
})
