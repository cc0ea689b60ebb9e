import { expect } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import { Crowd } from "../../support/crowd.ts"
import { Disk } from "../../support/disk.ts"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { randomMoment } from "../../support/moments.ts"
import { needs } from "../../support/needs.ts"
import { administrator } from "../../support/node.ts"
import { isGone, isStopped, killAll, signalAll } from "../../support/processes.ts"
import { LOOP_DISK } from "../../support/programs.ts"
import { freePort, System } from "../../support/system.ts"
import { expectAllWell } from "../../support/verdict.ts"

const { test } = needs(LOOP_DISK)

const CUTS = effort(5, 2)
const RATE = 300
const MOMENT_MAX_MS = 300

/** A system with its data on a separate disk. */
class DiskSystem {
  readonly #folder = mkdtempSync(join(tmpdir(), "doorbuster-power-"))
  readonly disk = new Disk(this.#folder)
  system!: System

  async start(port = this.system.port): Promise<void> {
    this.system = await System.start({ port, dataDir: this.disk.path, env: { DEMO: "0" } })
  }

  async sell(sale: string): Promise<Crowd> {
    await this.system.createSale(sale, { total: 100_000 })
    return new Crowd(this.system.url, sale, { rate: RATE })
  }

  async replug(): Promise<void> {
    await this.disk.unmount()
    this.disk.mount()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    killAll(await this.system.processTree().catch(() => []))
    await this.disk.unmount()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** The kernel keeps the writes of killed processes. Only a lost file system shows missing flushes. */
test("a sale sells while power cuts take everything that was not flushed: no order is lost", async () => {
  await using own = new DiskSystem()
  await own.start(await freePort())
  const crowd = await own.sell("power")
  for (let cut = 0; cut < CUTS; cut++) {
    const answered = crowd.answered
    await eventually("buyers are answered", () => crowd.answered > answered + RATE / 2)
    await randomMoment(MOMENT_MAX_MS)
    const tree = await own.system.processTree()
    // After a real power cut no process runs. Without this kill, ext4 reports success to an fsync that was under way, and the
    // program would acknowledge an order that a real power cut could not have acknowledged.
    signalAll(tree, "SIGSTOP")
    own.disk.cut()
    killAll(tree)
    await eventually("every process is gone", () => tree.every(isGone))
    await own.replug()
    await own.start()
  }
  const { answered, won, healed } = await expectAllWell(crowd, httpSources(administrator(own.system)).of("power"))
  console.log(`  ${CUTS} power cuts; ${answered} buyers answered, ${won} orders, ${healed} requests healed by a retry`)
  crowd.deleteHistory()
  expect(await own.system.stop()).toBe(0)
}, 90_000)

test("given a failing disk, no purchase is acknowledged, and the system ends with exit code 1", async () => {
  await using own = new DiskSystem()
  await own.start(await freePort())
  const crowd = await own.sell("failing")
  await eventually("buyers are answered", () => crowd.answered > RATE)
  // The disk fails between two flushes, because ext4 would report success for one that is under way.
  const tree = await own.system.processTree()
  signalAll(tree, "SIGSTOP")
  await eventually("nobody writes", () => tree.every(isStopped))
  own.disk.cut()
  signalAll(tree, "SIGCONT")
  expect(await own.system.exited).toBe(1)
  expect(own.system.printed).toContain("doorbuster: The store stopped")
  await own.replug()
  await own.start()
  const { healed } = await expectAllWell(crowd, httpSources(administrator(own.system)).of("failing"))
  expect(healed).toBeGreaterThan(0)
  crowd.deleteHistory()
  expect(await own.system.stop()).toBe(0)
}, 60_000)
