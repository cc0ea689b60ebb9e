import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { eventually } from "../support/eventually.ts"
import { needs } from "../support/needs.ts"
import { ProcessGroup } from "../support/process-group.ts"
import { SCRIPT } from "../support/programs.ts"
import { ADMIN_TOKEN, SESSION_SECRET, System } from "../support/system.ts"
import { openFakeServer } from "./attack/fake-server.ts"

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const
const ENOUGH = 50

const SLOW = { secret: SESSION_SECRET, buyers: "100000", rate: "200" }

const folder = mkdtempSync(join(tmpdir(), "doorbuster-interrupt-"))
afterAll(() => rmSync(folder, { recursive: true }))

function attackOn(url: string, ...more: string[]): ProcessGroup {
  const { secret, buyers, rate } = SLOW
  const args = ["--url", url, "--secret", secret, "--buyers", buyers, "--rate", rate, ...more]
  return ProcessGroup.doorbuster(["attack", ...args])
}

/** Presses Ctrl-C again and again until the program has ended. */
async function pressUntilEnd(group: ProcessGroup): Promise<void> {
  await eventually("the program ends", () => {
    group.signal("SIGINT")
    return group.hasEnded
  })
}

describe("attack", () => {
  test.each(SIGNALS)("given one %s to all its processes, stops the load and prints its report", async signal => {
    using server = openFakeServer(1_000)
    const json = join(folder, `${signal}.json`)
    await using group = attackOn(server.url, "--json", json)
    await eventually("the bots buy", () => server.asked.length > ENOUGH)
    group.signal(signal)
    const { code, output } = await group.ended()
    expect(output).toContain("Stopping: waiting for the answers in flight.")
    expect(output).toMatch(/Stopped early: \d+ of 100000 purchases were begun\.\nOK: the stock adds up; /)
    const report = JSON.parse(readFileSync(json, "utf8"))
    expect(report).toMatchObject({ ok: true, requests: server.asked.length, confirmed: server.asked.length })
    expect(code).toBe(0)
  })

  needs(SCRIPT).test("given a Ctrl-C through a terminal, prints its report", async () => {
    using server = openFakeServer(1_000)
    const { secret, buyers, rate } = SLOW
    // A shell that stays between them answers with a code of its own, as dash does.
    const attack = `exec node bin/doorbuster.mjs attack --url ${server.url} --secret '${secret}' --buyers ${buyers} --rate ${rate}`
    const terminal = Bun.spawn([SCRIPT.path, "-qec", attack, "/dev/null"], {
      cwd: join(import.meta.dir, "../.."),
      env: { ...process.env, TERM: "dumb" },
      stdio: ["pipe", "pipe", "pipe"],
    })
    try {
      const printed = new Response(terminal.stdout).text()
      await eventually("the bots buy", () => server.asked.length > ENOUGH)
      terminal.stdin.write("\x03")
      await terminal.stdin.flush()
      const code = await terminal.exited
      expect(await printed).toContain("OK: the stock adds up; ")
      expect(code).toBe(0)
    } finally {
      terminal.kill("SIGTERM")
    }
  })

  test("given a second Ctrl-C while an answer is awaited, ends at once with exit code 130", async () => {
    using server = openFakeServer(1_000, () => "hang")
    await using group = attackOn(server.url, "--timeout", "600")
    await eventually("a bot waits for its answer", () => server.asked.length > 0)
    await pressUntilEnd(group)
    const { code, output } = await group.ended()
    expect(output).toContain("Stopping: waiting for the answers in flight.")
    expect(output).not.toContain("requests ")
    expect(code).toBe(130)
  })
})

describe("chaos", () => {
  let system: System
  beforeAll(async () => {
    system = await System.start({ env: { REPLICAS: "2" } })
  })
  afterAll(() => system.stop())

  function chaos(url = system.url): ProcessGroup {
    const { dataDir } = system
    const load = ["--kills", "100", "--every", "500ms", "--buyers", "5000", "--secret", SESSION_SECRET]
    return ProcessGroup.doorbuster(["chaos", "--url", url, ...load], { DATA_DIR: dataDir, ADMIN_TOKEN })
  }

  async function practiceSales(): Promise<{ id: string; state: string }[]> {
    const response = await system.request("/api/v1/sales")
    const { sales } = (await response.json()) as { sales: { id: string; state: string }[] }
    return sales.filter(({ id }) => id.startsWith("practice-"))
  }

  /** Replicas show a change slightly late. */
  function allClosed(): Promise<boolean> {
    return eventually("every practice sale is closed", async () =>
      (await practiceSales()).every(({ state }) => state === "closed"),
    )
  }

  /** Passes requests on to the system, but never answers a purchase. */
  function proxyWithoutAnswers() {
    const held = { purchases: 0 }
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      async fetch(request) {
        const { pathname, search } = new URL(request.url)
        if (request.method === "POST" && pathname.endsWith("/orders")) {
          held.purchases++
          await new Promise(() => {})
        }
        const body = request.body ? await request.text() : null
        return fetch(system.url + pathname + search, { method: request.method, headers: request.headers, body })
      },
    })
    return { url: `http://127.0.0.1:${server.port}`, held, [Symbol.asyncDispose]: () => server.stop(true) }
  }

  test.each(SIGNALS)("given one %s to all its processes, stops, audits and closes its sale", async signal => {
    await using group = chaos()
    await eventually("a replica was killed", () => group.output.includes(" killed node-"))
    group.signal(signal)
    const { code, output } = await group.ended()
    expect(output).toContain("Stopping: no more kills, no more bots; the audit follows.")
    expect(output).toMatch(/✓ \d+ promises kept\./)
    expect(code).toBe(0)
    expect(output).not.toContain("could not be closed")
    expect(await allClosed()).toBe(true)
  })

  test("given a second Ctrl-C, ends at once with exit code 130 and closes its sale", async () => {
    const before = (await practiceSales()).length
    await using proxy = proxyWithoutAnswers()
    await using group = chaos(proxy.url)
    await eventually("a bot waits for its answer", () => proxy.held.purchases > 0)
    await eventually("the sale is open", async () => (await practiceSales()).length === before + 1)
    await pressUntilEnd(group)
    const { code, output } = await group.ended()
    expect(output).toContain("Ending at once: ")
    expect(output).not.toContain("promises kept")
    expect(output).not.toContain("could not be closed")
    expect(code).toBe(130)
    expect(await allClosed()).toBe(true)
  })
})
