import { expect, test } from "bun:test"
import { join } from "node:path"

const SRC = join(import.meta.dir, "../../src")
const sheets = ["ui/launch/styles", "ui/common", "http/nojs"].flatMap(folder =>
  [...new Bun.Glob(`${folder}/*.css`).scanSync({ cwd: SRC })].sort(),
)
const PHYSICAL =
  /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)|left|right|float)\s*:|text-align:\s*(?:left|right)/

test.each(sheets)("%s uses no left or right, so that it also works from right to left", async sheet => {
  const lines = (await Bun.file(join(SRC, sheet)).text()).split("\n")
  expect(lines.filter(line => PHYSICAL.test(line))).toEqual([])
})

test("there are style sheets to check", () => {
  expect(sheets.length).toBeGreaterThan(5)
})
