import { expect, test } from "bun:test"
import { join } from "node:path"
import { ROOT, sourceFiles } from "../support/files.ts"

const LINES_MAX = 250
const MEDIAN_MAX = 80
const FILES_MAX = 20
/** The only files that use Bun's API, so that another runtime could replace it. */
const KNOW_BUN = [
  "src/cli/audit/file-sources.ts",
  "src/cli/attack/",
  "src/http/auth/tokens.ts",
  "src/http/server.ts",
  "src/runtime/sha1.ts",
  "src/embedded/sqlite/",
  "src/processes/child-process.ts",
  "src/stack/redis/connect/call-socket.ts",
  "src/ui/build.ts",
]

const files = ["src", "test", "bench", "scripts", "deploy"].flatMap(sourceFiles)
const texts = new Map(
  await Promise.all(files.map(async file => [file, await Bun.file(join(ROOT, file)).text()] as const)),
)
const lines = (text: string) => text.split("\n").length - 1

function offenders(isWrong: (text: string, file: string) => boolean, among = files): string[] {
  return among.filter(file => isWrong(texts.get(file)!, file))
}

const inSource = files.filter(file => file.startsWith("src/"))

test(`no file is over ${LINES_MAX} lines`, () => {
  expect(offenders(text => lines(text) > LINES_MAX)).toEqual([])
})

test(`no folder of src has more than ${FILES_MAX} files of code`, () => {
  const counts = Map.groupBy(inSource, file => file.slice(0, file.lastIndexOf("/")))
  expect([...counts].filter(([, found]) => found.length > FILES_MAX).map(([folder]) => folder)).toEqual([])
})

test(`half of the source files have at most ${MEDIAN_MAX} lines`, () => {
  const sizes = inSource.map(file => lines(texts.get(file)!)).sort((one, other) => one - other)
  expect(sizes[Math.floor(sizes.length / 2)]!).toBeLessThanOrEqual(MEDIAN_MAX)
})

test("only config/config.ts and the launching of replicas read the environment", () => {
  const mayRead = ["src/config/config.ts", "src/main.ts"]
  expect(offenders((text, file) => text.includes("process.env") && !mayRead.includes(file), inSource)).toEqual([])
})

test("only a few named files use Bun's API", () => {
  const knows = (text: string) => /\bBun\.|"bun:/.test(text)
  expect(offenders((text, file) => knows(text) && !KNOW_BUN.some(path => file.startsWith(path)), inSource)).toEqual([])
})

test("no file has a default export, a marker for later work or a silenced warning", () => {
  const marks = new RegExp(
    ["export default", "TO" + "DO", "FIX" + "ME", "@ts-" + "ignore", "biome-" + "ignore"].join("|"),
  )
  expect(
    offenders((text, file) => marks.test(text) && !file.endsWith(".d.ts") && !file.startsWith("test/tidy")),
  ).toEqual([])
})
