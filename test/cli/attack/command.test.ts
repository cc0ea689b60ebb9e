import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { openFakeServer } from "./fake-server.ts"

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

test("--json writes the documented fields, and the terminal shows the result in words", async () => {
  using server = openFakeServer(5)
  const file = join(folder, "report.json")
  const { code, out, err } = await doorbuster("--url", server.url, "--buyers", "20", "--json", file)
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

test("--report writes a page, or fails with one sentence when it cannot", async () => {
  using server = openFakeServer(5)
  const file = join(folder, "report.html")
  expect((await doorbuster("--url", server.url, "--buyers", "20", "--report", file)).code).toBe(0)
  expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>.*<h1>20 bots at .*5 of 5.*<\/html>\n$/s)
  const { code, err } = await doorbuster("--url", server.url, "--buyers", "1", "--report", "/nowhere/x.html")
  expect([code, err]).toEqual([1, expect.stringMatching(/^\/nowhere\/x\.html cannot be written: .+\.\n$/)])
})

test("the exit code is 1 when the stock does not add up", async () => {
  using server = openFakeServer(5)
  server.stock = { total: 5, free: 1, held: 0, sold: 5 }
  const { code, out } = await doorbuster("--url", server.url, "--buyers", "5")
  expect(code).toBe(1)
  expect(out).toContain("NOT OK.\nThe stock of shoe does not add up: 1 free + 0 held + 5 sold is not 5.")
})

describe("given a mistake, attack prints one sentence and ends with exit code 1", () => {
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
    using server = openFakeServer(5)
    const { code, out, err } = await doorbuster("--url", server.url, ...args)
    expect(err.trim()).toMatch(sentence)
    expect(err.trim().split("\n")).toHaveLength(1)
    expect([code, out]).toEqual([1, ""])
  })
})

test("--help lists the options and shows examples", async () => {
  const { out } = await doorbuster("--help")
  expect(out).toContain("--rate <n>")
  expect(out).toContain("Examples:")
})
