import { expect, test } from "bun:test"
import { join } from "node:path"
import { type Language, withFigures } from "../../bench/report/readme.ts"
import type { Results } from "../../bench/results.ts"

const ROOT = join(import.meta.dir, "../..")
const read = (file: string) => Bun.file(join(ROOT, file)).text()
const [, source = ""] = /\]\(\.\.\/(bench\/results\/[\w-]+\.json)\)/.exec(await read("docs/capacity.md")) ?? []
const results = JSON.parse(await read(source)) as Results
const READMES = [
  ["README.md", "en"],
  ["README.id.md", "id"],
] as const satisfies readonly (readonly [string, Language])[]

test.each(READMES)("the figures of %s are those of the results that docs/capacity.md names", async (file, language) => {
  const text = await read(file)
  expect(withFigures(text, language, results)).toBe(text)
})

test("given other results, the figures of README.md change", async () => {
  const runs = results.runs.map(run => ({ ...run, perSecond: run.contender === "embedded" ? 77_777 : run.perSecond }))
  expect(withFigures(await read("README.md"), "en", { ...results, runs })).toContain("| 77,777 |")
})
