import { expect } from "bun:test"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { LOOP_DISK, POSTGRES } from "../../support/programs.ts"
import { memoryFolder } from "../../support/redis.ts"
import { Buyers } from "./buyers.ts"
import { WorkerSetup } from "./worker-setup.ts"

const { afterAll, beforeAll, test } = needs(POSTGRES, LOOP_DISK)

const TEST_MAX_MS = 120_000
/** A new server needs some 50 MiB. */
const DISK_MIB = 96
const folder = memoryFolder("doorbuster-full-")

beforeAll(() => {
  mount("mount", "-t", "tmpfs", "-o", `size=${DISK_MIB}m,mode=777`, "tmpfs", folder)
})
afterAll(async () => {
  mount("umount", folder)
  rmSync(folder, { recursive: true })
})

function mount(...command: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(command, { stdio: ["ignore", "ignore", "pipe"] })
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr}`)
}

/** Takes all the room that is left. */
function fill(file: string): void {
  for (const size of [1 << 20, 1 << 12]) {
    for (;;) {
      try {
        writeFileSync(file, new Uint8Array(size), { flag: "a" })
      } catch {
        break
      }
    }
  }
}

test(
  "PostgreSQL's disk is full: selling goes on, nothing is lost, and the ledger catches up when there is room",
  async () => {
    mkdirSync(join(folder, "postgres"), { mode: 0o777 })
    const cluster = await Cluster.start({ folder: join(folder, "postgres") })
    {
      await using setup = await WorkerSetup.open(cluster)
      setup.startWorker()
      await setup.gatesOpened(0)
      await setup.shop.create({ opensAt: 0, total: 1_000_000 })
      const buyers = new Buyers(setup.shop, 0)
      await eventually("some are drained", async () => (await setup.head())!.ledgerSeq > 100)
      const ballast = join(folder, "ballast")
      fill(ballast)
      await eventually(
        "the ledger takes no more",
        async () => {
          const { seq, ledgerSeq: drained } = (await setup.head())!
          return seq - drained > 3000
        },
        60_000,
      )
      rmSync(ballast)
      if (!cluster.isRunning) await cluster.start()
      const { bought } = buyers
      await eventually("others buy", () => buyers.bought > bought + 100)
      await buyers.stop()
      await setup.expectAllThere()
      expect(await setup.ledger.orders("drop", 0, 1_000_000)).toHaveLength(buyers.bought)
      expect(buyers.answers.every(({ outcome }) => outcome === "confirmed")).toBe(true)
    }
    await cluster[Symbol.asyncDispose]()
  },
  TEST_MAX_MS,
)
