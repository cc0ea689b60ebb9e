import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { auditSale } from "../../src/audit/audit-sale.ts"
import { attack } from "../../src/cli/attack/attack.ts"
import type { AttackProgress } from "../../src/cli/attack/observer.ts"
import type { AttackReport } from "../../src/cli/attack/report/attack-report.ts"
import { attackPage } from "../../src/cli/attack/report/page.ts"
import { summary } from "../../src/cli/attack/report/summary.ts"
import { writeReport } from "../../src/cli/attack/run.ts"
import { HistoryFile } from "../../src/cli/audit/history-file.ts"
import { httpSources } from "../../src/cli/audit/sources.ts"
import { compose, containersOf, DemoError, docker } from "./compose.ts"
import { freshSale, ledgerOf, nodeLine, openStack, readyNodes, type Stack, until } from "./stack.ts"
import { perform, say } from "./stage.ts"

const SECONDS = 15
const RATE = 100
const BUYERS = SECONDS * RATE
const KILL_AFTER_MS = 3000
const SEEN_MAX_MS = 20_000
const BACK_MAX_MS = 90_000

await perform({
  name: "chaos",
  title: "C: a replica is killed under load",
  does: `${RATE} buyers per second for ${SECONDS} s; after ${KILL_AFTER_MS / 1000} s, docker kill ends one web container.`,
  expects: "No buyer sees an error, the node list shows the loss, and the node comes back.",
  reports: true,
  async run({ report: file }) {
    const stack = await openStack()
    const sale = await freshSale(stack, "chaos", BUYERS)
    const folder = mkdtempSync(join(tmpdir(), "doorbuster-demo-"))
    const history = join(folder, "told.jsonl")
    try {
      const startedAt = new Date()
      const begun = performance.now()
      let progress: (() => AttackProgress) | undefined
      const started = (of: () => AttackProgress) => {
        progress = of
      }
      const plan = { url: stack.url, sale: sale.id, buyers: BUYERS, rate: RATE, concurrency: 100, history }
      const [report, drill] = await Promise.all([attack(plan, { started }), killOne(stack)])
      for (const line of summary(report)) say(line)
      if (file !== undefined && progress !== undefined) {
        const { timeline } = progress().counters
        const marks = [{ at: (drill.killedAt - begun) / 1000, name: `${drill.victim} was killed` }]
        const story = { report, timeline, sale: sale.name, url: stack.url, startedAt, faults: [], remarks: [], marks }
        writeReport(file, attackPage(story))
      }
      const errors = await errorsIn(history)
      const ledger = await ledgerOf(sale.id, BUYERS)
      const audit = await auditSale(httpSources(stack.admin).of(sale.id), {
        lines: new HistoryFile(history).lines(),
        isComplete: true,
      })
      return [
        {
          what: `${errors} requests got an error or no answer`,
          isSo: errors === 0 && noErrors(report),
        },
        { what: `${report.confirmed} of ${BUYERS} buyers have an order`, isSo: report.confirmed === BUYERS },
        { what: `ledger: ${ledger.orders} orders`, isSo: ledger.orders === BUYERS },
        { what: `the node list showed the loss after ${seconds(drill.seenMs)}`, isSo: true },
        { what: `${drill.victim} was back ${seconds(drill.backMs)} after ${drill.means}`, isSo: true },
        { what: `the audit agrees with every answer${audit.violations.map(line => `; ${line}`)}`, isSo: audit.ok },
      ]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

interface Drill {
  victim: string
  /** On the clock of `performance.now()`. */
  killedAt: number
  seenMs: number
  means: string
  backMs: number
}

async function killOne(stack: Stack): Promise<Drill> {
  await Bun.sleep(KILL_AFTER_MS)
  const running = (await containersOf("web")).filter(({ State }) => State === "running")
  if (running.length < 2) throw new DemoError("At least two web containers must run, so that one can be killed.")
  const { ID = "", Name = "" } = running[Math.floor(Math.random() * running.length)] ?? {}
  const victim = /[a-z0-9]+-[0-9]+$/.exec(Name)?.[0] ?? Name
  const isReady = async () => (await readyNodes(stack)).some(({ id }) => id === victim)
  say(`  before    ${await nodeLine(stack)}`)
  say(`  docker kill ${Name}`)
  const killedAt = performance.now()
  await docker("kill", ID)
  const seenMs = await until("the node list shows the loss", SEEN_MAX_MS, async () => !(await isReady()))
  say(`  after     ${await nodeLine(stack)}`)
  const heals = (await containersOf("heal")).some(({ State }) => State === "running")
  const means = heals ? "the kill, by the profile heal" : "docker compose up -d"
  const begun = performance.now()
  if (!heals) {
    say("  docker compose up -d")
    await compose("up", "-d", "--no-recreate")
  }
  await until(`${victim} is back`, BACK_MAX_MS, isReady)
  say(`  recovered ${await nodeLine(stack)}\n`)
  return { victim, killedAt, seenMs, means, backMs: performance.now() - begun }
}

/** Counts the requests that had to be repeated. Their buyers saw an error. */
async function errorsIn(history: string): Promise<number> {
  let count = 0
  for await (const line of new HistoryFile(history).lines()) {
    if (line.type === "invoke") continue
    const { type, status = 0 } = line
    if (type === "info" || status === 429 || status >= 500) count++
  }
  return count
}

function noErrors(report: AttackReport): boolean {
  return report.errors === 0 && report.unknown === 0
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
