import { expect, test } from "bun:test"
import { lastLine, Output } from "../../scripts/test/output.ts"
import { jobsOf } from "../../scripts/test/plan.ts"
import { saysNeeds } from "../../scripts/test/programs.ts"
import { choose, UnknownNameError } from "../../scripts/test/selection.ts"

const FILES = ["test/http/limits.test.ts", "test/http/lists.test.ts", "test/system/nginx/limits.test.ts"]

function read(text: string, exit: string | number = 0): Output {
  const output = new Output(() => 0)
  // A chunk may end in the middle of a line.
  for (const chunk of text.match(/.{1,7}/gs) ?? []) output.read(chunk)
  output.end(exit)
  return output
}

test("passed, failed and skipped tests are counted once, though the end of the output repeats them", () => {
  const text = `
test/a.test.ts:
(pass) one [0.01ms]
(skip) two
(fail) three > four [12.00ms]

1 tests skipped:
(skip) two

1 tests failed:
(fail) three > four [12.00ms]

 1 pass
 1 skip
 1 fail
`
  const { counts, failed, times } = read(text, 1)
  expect(counts).toEqual({ pass: 1, fail: 1, skip: 1 })
  expect(failed).toEqual(["three > four"])
  expect(times.map(({ file }) => file)).toEqual(["test/a.test.ts"])
})

test("a process that exits with an error but without a failed test is a failure with its file's name", () => {
  const { counts, failed } = read("\ntest/a.test.ts:\n(pass) one\n", "SIGKILL")
  expect(counts).toEqual({ pass: 1, fail: 1, skip: 0 })
  expect(failed).toEqual(["test/a.test.ts ended with SIGKILL"])
})

test("an error outside every test is a failure", () => {
  expect(read("\ntest/a.test.ts:\n\n# Unhandled error between tests\n", 1).failed).toEqual([
    "test/a.test.ts: an error outside every test",
  ])
})

test("a run in which no test ran has failed", () => {
  expect(read("").failed).toEqual(["no test ran"])
})

test("the last line mentions skipped tests only if there are some", () => {
  expect(lastLine({ pass: 5, fail: 0, skip: 0 })).toBe("5 passed, 0 failed")
  expect(lastLine({ pass: 5, fail: 1, skip: 2 })).toBe("5 passed, 1 failed, 2 skipped")
})

test.each([
  ["a file", "test/http/limits.test.ts", [FILES[0]]],
  ["a folder", "./test/http/", [FILES[0], FILES[1]]],
  ["a folder without a slash", "test/http", [FILES[0], FILES[1]]],
  ["a part of a path", "limits", [FILES[0], FILES[2]]],
])("%s chooses its files", (_, name, expected) => {
  expect(choose([name], FILES)).toEqual({ files: expected as string[], flags: [] })
})

test("a title is passed on with its flag", () => {
  expect(choose(["limits", "-t", "one address"], FILES).flags).toEqual(["-t", "one address"])
})

test("a name that matches no file is refused with one sentence", () => {
  expect(() => choose(["nothing"], FILES)).toThrow(UnknownNameError)
})

test.each([
  ["that needs Redis itself", "test/contract/redis-model.test.ts", true],
  ["whose helper needs a browser", "test/system/browser/buy.test.ts", true],
  ["that runs nothing but the project", "test/embedded/supervisor.test.ts", false],
  ["that starts no process", "test/core/seal.test.ts", false],
])("a test file %s is told apart", (_, file, expected) => {
  expect(saysNeeds(file)).toBe(expected)
})

test("files that find no program but Node and npm share no process with others", () => {
  const files = ["a", "b", "c"].map(name => `test/x/${name}.test.ts`)
  const jobs = jobsOf(files, { of: () => 100 }, file => file.includes("b"))
  const told = jobs.map(({ files, isBare }) => ({ files: files.length, isBare }))
  expect(told).toEqual([
    { files: 2, isBare: false },
    { files: 1, isBare: true },
  ])
})
