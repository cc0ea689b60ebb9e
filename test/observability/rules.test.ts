import { expect } from "bun:test"
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { effort } from "../support/effort.ts"
import { ROOT } from "../support/files.ts"
import { needs } from "../support/needs.ts"
import { PROMTOOL } from "../support/programs.ts"

const { afterAll, beforeAll, test } = needs(PROMTOOL)

interface Alert {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; description: string; runbook: string }
}

/** promtool evaluates every rule for every second of every test. */
const PROMTOOL_MAX_MS = 60_000
const SOURCE = join(ROOT, "deploy/prometheus")
const alerts = (
  Bun.YAML.parse(readFileSync(join(SOURCE, "rules/alerts.yml"), "utf8")) as { groups: { rules: Alert[] }[] }
).groups.flatMap(({ rules }) => rules)

/** The anchor that GitHub makes from a heading. */
const HEADINGS = [...readFileSync(join(ROOT, "docs/runbook.md"), "utf8").matchAll(/^#+ (.+)$/gm)].map(([, words]) =>
  words!.toLowerCase().replaceAll(" ", "-"),
)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "doorbuster-rules-"))
  cpSync(SOURCE, folder, { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

async function promtool(...args: string[]): Promise<string> {
  const tool = Bun.spawn([PROMTOOL.path, ...args], { cwd: folder, stdout: "pipe", stderr: "pipe" })
  const said = await Promise.all([new Response(tool.stdout).text(), new Response(tool.stderr).text()])
  return (await tool.exited) === 0 ? "" : said.join("\n")
}

test("promtool accepts the configuration", async () => {
  expect(await promtool("check", "config", "prometheus.yml")).toBe("")
})

test(
  "every rule does what its tests say",
  async () => {
    expect(await promtool("test", "rules", "rules.test.yml")).toBe("")
  },
  PROMTOOL_MAX_MS,
)

test.each(
  effort(
    [
      ["never fires", "vector(0) > 1"],
      ["always fires", "vector(1) > 0"],
    ],
    [],
  ),
)(
  "an alert that %s does not pass its tests",
  async (_, expr) => {
    const file = join(folder, "rules/alerts.yml")
    const before = readFileSync(file, "utf8")
    writeFileSync(file, before.replaceAll(/(- alert: .*\n +expr: ).*/g, `$1${expr}`))
    // Such an alert is the same at every second, so that a tenth of them is enough.
    const tests = readFileSync(join(folder, "rules.test.yml"), "utf8")
    writeFileSync(join(folder, "sparse.test.yml"), tests.replace("evaluation_interval: 1s", "evaluation_interval: 10s"))
    const said = await promtool("test", "rules", "sparse.test.yml")
    writeFileSync(file, before)
    expect(alerts.filter(({ alert }) => !said.includes(`alertname: ${alert}`))).toEqual([])
  },
  PROMTOOL_MAX_MS,
)

test.each(alerts)(
  "$alert has a summary, a description and a section in the runbook",
  ({ alert, labels, annotations }) => {
    expect(["page", "ticket"]).toContain(labels.severity)
    expect(annotations.summary).toMatch(/^[A-Z].{10,80}\.$/)
    expect(annotations.description).toMatch(/\.$/)
    const anchor = alert.replaceAll(/(?<=[a-z])[A-Z]/g, capital => `-${capital}`).toLowerCase()
    expect(annotations.runbook).toBe(`docs/runbook.md#${anchor}`)
    expect(HEADINGS).toContain(anchor)
  },
)
