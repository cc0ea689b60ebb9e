import { expect, test } from "bun:test"
import { join } from "node:path"

const SRC = join(import.meta.dir, "../../src")
const sheets = ["ui/launch/styles", "ui/common", "http/nojs"].flatMap(folder =>
  [...new Bun.Glob(`${folder}/*.css`).scanSync({ cwd: SRC })].sort(),
)
const PHYSICAL =
  /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)|left|right|float)\s*:|text-align:\s*(?:left|right)/

test.each(sheets)("%s names no side of the screen, so that it reads from right to left as well", async sheet => {
  const lines = (await Bun.file(join(SRC, sheet)).text()).split("\n")
  expect(lines.filter(line => PHYSICAL.test(line))).toEqual([])
})

test("and there are sheets to look at", () => {
  expect(sheets.length).toBeGreaterThan(5)
})
