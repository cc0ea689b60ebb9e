import { expect, test } from "bun:test"
import { dirname, join } from "node:path"
import { ROOT, sourceFiles } from "../support/files.ts"

/** The number of tests that wait for a fixed time instead of a condition. It may only fall. */
const SLEEPS_MAX = 48
/** These files implement waiting: polling a condition, or working at a given rate. */
const MAY_SLEEP = ["test/support/", "test/tidy/"]

const files = await Promise.all(
  sourceFiles("test").map(async path => ({ path, text: await Bun.file(join(ROOT, path)).text() })),
)

test("a test imports from its own folder, test/support and the code that it tests, and from no other test", () => {
  const found: string[] = []
  for (const { path, text } of files) {
    for (const [, name] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      const target = join(dirname(path), name!)
      if (!target.startsWith("test/") || target.startsWith("test/support/")) continue
      if (path.startsWith("test/support/") || !areRelated(dirname(path), dirname(target)))
        found.push(`${path}: ${target}`)
    }
  }
  expect(found).toEqual([])
})

test("only needs() may skip a test, and no test runs exclusively", () => {
  const marks = /\b(test|describe|it|Test)\.(skip|skipIf|only|todo|todoIf|if)\b/
  const found = files.filter(({ path, text }) => path !== "test/support/needs.ts" && marks.test(text))
  expect(found.map(({ path }) => path)).toEqual([])
})

test("a test that starts a program that npm does not install declares it with needs()", () => {
  const starts =
    /\b(RedisServer|RedisCluster|RedisSentinel|Cluster|NativeStack|Nginx|Prometheus|ComposeStack|Disk)(\.start\(|\()/
  const found = files.filter(({ path, text }) => path.endsWith(".test.ts") && starts.test(text))
  expect(found.filter(({ text }) => !text.includes("needs(")).map(({ path }) => path)).toEqual([])
})

test(`at most ${SLEEPS_MAX} waits are for a fixed time`, () => {
  const waits = files.filter(({ path }) => !MAY_SLEEP.some(folder => path.startsWith(folder)))
  const count = waits.reduce((sum, { text }) => sum + (text.match(/\bBun\.sleep\(/g)?.length ?? 0), 0)
  expect(count).toBeLessThanOrEqual(SLEEPS_MAX)
})

/** Whether one folder is the other, or lies in it. */
function areRelated(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`)
}
