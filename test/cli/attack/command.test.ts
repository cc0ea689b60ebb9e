import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { openDouble } from "./fake-server.ts"

const folder = mkdtempSync(join(tmpdir(), "attack-command-"))
afterAll(() => rmSync(folder, { recursive: true }))

const COMMAND = resolve(import.meta.dir, "../../../src/cli/attack/command.ts")
const PROGRAM = `
  const { attackCommand } = await import(${JSON.stringify(COMMAND)})
  await attackCommand().parseAsync(process.argv.slice(1), { from: "user" })`

async function doorbuster(...args: string[]) {
  const child = Bun.spawn([process.execPath, "-e", PROGRAM, "--", ...args], { stdout: "pipe", stderr: "pipe" })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, out, err }
}

test("the report is written as it stands in the interface, and the end is told in words", async () => {
  using double = openDouble(5)
  const file = join(folder, "report.json")
  const { code, out, err } = await doorbuster("--url", double.url, "--buyers", "20", "--json", file)
  expect([code, err]).toEqual([0, ""])
  expect(out).toContain("refused   15 (sold_out 15)")
  expect(out).toContain("OK: the stock adds up; 5 of 5 units sold or held; 5 orders won here")
  const report = JSON.parse(readFileSync(file, "utf8"))
  expect(Object.keys(report)).toEqual(
    "buyers requests confirmed held refused unknown errors seconds rate latencyMs nodes stock ok".split(" "),
  )
  expect(Object.keys(report.latencyMs)).toEqual(["p50", "p90", "p99", "max"])
  expect(Object.keys(report.stock)).toEqual(["total", "free", "held", "sold"])
})

test("the report is written as a page as well, and a page that cannot be written is a sentence", async () => {
  using double = openDouble(5)
  const file = join(folder, "report.html")
  expect((await doorbuster("--url", double.url, "--buyers", "20", "--report", file)).code).toBe(0)
  expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>.*<h1>20 bots after .*5 of 5.*<\/html>\n$/s)
  const { code, err } = await doorbuster("--url", double.url, "--buyers", "1", "--report", "/nowhere/x.html")
  expect([code, err]).toEqual([1, expect.stringMatching(/^\/nowhere\/x\.html cannot be written: .+\.\n$/)])
})

test("exit code 1 when the stock does not add up", async () => {
  using double = openDouble(5)
  double.stock = { total: 5, free: 1, held: 0, sold: 5 }
  const { code, out } = await doorbuster("--url", double.url, "--buyers", "5")
  expect(code).toBe(1)
  expect(out).toContain("NOT OK.\nThe stock of shoe does not add up: 1 free + 0 held + 5 sold is not 5.")
})

describe("a mistake is one sentence and exit code 1", () => {
  const tokens = join(folder, "tokens.txt")
  writeFileSync(tokens, "one.two.three\n")
  const mistakes: [string[], RegExp][] = [
    [["--url", "http://127.0.0.1:1"], /^No server answers at http:\/\/127\.0\.0\.1:1: start one with "npm start"\.$/],
    [["--url", "http://shop.example"], /^shop\.example is not this machine: add --i-own-this-system if .+\.$/],
    [["--url", "https://localhost"], /^--url must look like http:\/\/localhost:8080, not "https:\/\/localhost"\.$/],
    [["--sale", "boots"], /^There is no sale "boots" at http:.+\.$/],
    [["--sale", "../admin"], /^There is no sale "\.\.\/admin" at http:.+\.$/],
    [["--sku", "sock"], /^Sale "shoes" has no item "sock"\.$/],
    [["--buyers", "many"], /'many' is invalid\. Give a whole number from 1 to 10000000\.$/],
    [["--rate", "-5"], /'-5' is invalid\. Give a number above 0 and up to 1000000\.$/],
    [["--duration", "0"], /'0' is invalid\. Give a number above 0/],
    [["--secret", "s", "--token-source", "f"], /^Give --secret or --token-source, not both\.$/],
    [["--token-source", tokens], /^.+tokens\.txt has 1 tokens for 500 buyers: add tokens or lower --buyers\.$/],
    [["--token-source", tokens, "--buyers", "1"], /^Token 1 of .+tokens\.txt is not a JWT with a subject\.$/],
    [["--token-source", "/nowhere"], /^\/nowhere cannot be read: .+\.$/],
    [["--history", "/nowhere/x", "--buyers", "1"], /^\/nowhere\/x cannot be written: .+\.$/],
  ]
  test.each(mistakes)("%j", async (args, sentence) => {
    using double = openDouble(5)
    const { code, out, err } = await doorbuster("--url", double.url, ...args)
    expect(err.trim()).toMatch(sentence)
    expect(err.trim().split("\n")).toHaveLength(1)
    expect([code, out]).toEqual([1, ""])
  })
})

test("--help has examples", async () => {
  const { out } = await doorbuster("--help")
  expect(out).toContain("--rate <n>")
  expect(out).toContain("Examples:")
})
