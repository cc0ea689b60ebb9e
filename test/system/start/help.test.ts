import { describe, expect, test } from "bun:test"
import { doorbuster } from "./launch.ts"

const COMMANDS = ["up", "serve", "worker", "sale", "attack", "chaos", "audit"]
const SALE_COMMANDS = ["list", "show", "create", "open", "pause", "resume", "close", "restock", "orders"]

describe("help", () => {
  test("doorbuster --help names every command and shows an example", async () => {
    const { code, out, err } = await doorbuster(["--help"])
    for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^  ${command}\\b`, "m"))
    expect(out).toMatch(/^Examples?:\n {2}doorbuster/m)
    expect([code, err]).toEqual([0, ""])
  }, 30_000)

  test.concurrent.each([...COMMANDS, ...SALE_COMMANDS.map(name => `sale ${name}`)])(
    "doorbuster %s --help shows an example",
    async path => {
      const words = path.split(" ")
      const { code, out, err } = await doorbuster([...words, "--help"])
      expect(out).toMatch(/^Examples?:\n {2}.*doorbuster/m)
      expect(out).toContain(`Usage: doorbuster ${path}`)
      expect([code, err]).toEqual([0, ""])
    },
    30_000,
  )

  test("up lists every setting with what it is when not set", async () => {
    const { out } = await doorbuster(["up", "--help"])
    for (const setting of [
      "PORT",
      "HOST",
      "DATA_DIR",
      "REPLICAS",
      "INVENTORY_URL",
      "LEDGER_URL",
      "SESSION_SECRET",
      "ADMIN_TOKEN",
      "DEMO",
      "LOG_LEVEL",
    ]) {
      expect(out).toMatch(new RegExp(`^  ${setting} .*\\(.+\\)$`, "m"))
    }
  }, 30_000)
})

test.concurrent.each([
  [["frobnicate"], '"frobnicate"'],
  [["up", "now"], '"now"'],
  [["--nope"], "--nope"],
  [["attack", "--nope"], "--nope"],
  [["sale", "frobnicate"], "frobnicate"],
  [["serve"], "doorbuster up"],
])(
  "doorbuster %p: one sentence, exit code 1",
  async (args, word) => {
    const { code, out, err } = await doorbuster(args)
    expect(err.trim().split("\n").length).toBe(1)
    expect(err).toContain(word)
    expect([code, out]).toEqual([1, ""])
  },
  30_000,
)
