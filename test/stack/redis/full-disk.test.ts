import { expect } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { Disk } from "../../support/disk.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { LOOP_DISK, REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { expectAudited } from "../../support/stores/evidence.ts"
import { openClosedShop, openGates, openShop } from "./shops.ts"

const { afterAll, describe, test } = needs(REDIS, LOOP_DISK)

const folder = mkdtempSync(join(tmpdir(), "doorbuster-redis-disk-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The room that stays free for some calls, in KiB. */
const ROOM_KIB = 256

describe("a full disk", () => {
  test("stops the store, which restarts with every acknowledged order", async () => {
    const disk = new Disk(folder)
    const ballast = join(disk.path, "ballast")
    const server = await RedisServer.start({ folder: disk.path })
    const shop = await openShop({ url: server.url })
    await shop.create({ total: 1_000_000 })
    fillUp(disk.path, ballast)
    const acknowledged: string[] = []
    const fault = await buyUntilFault(shop, acknowledged)
    expect(fault.certain).toBe(false)
    await eventually("the server has ended", () => !server.isRunning)
    await eventually("the connection is known to be gone", () => shop.inventory.fault)
    const refused = await shop.reserve("late", "k").catch((error: unknown) => error)
    expect(refused).toMatchObject({ name: "InventoryFault", certain: true })
    await shop.inventory[Symbol.asyncDispose]()

    rmSync(ballast)
    await server.start()
    const after = await openClosedShop({ url: server.url })
    expect(await after.reserve("late", "k")).toEqual({ outcome: "reconciling" })
    await openGates(after.inventory)
    const kept = new Set((await after.orders()).map(({ id }) => id))
    expect(acknowledged.filter(id => !kept.has(id))).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(0)
    expect(await after.reserve("late", "k")).toMatchObject({ outcome: "confirmed" })
    await expectAudited(after.inventory, after.now)
    await after.inventory[Symbol.asyncDispose]()
    await server.kill()
    await disk.unmount()
  }, 120_000)
})

/** Leaves `ROOM_KIB` of the disk. */
function fillUp(path: string, ballast: string): void {
  const { stdout } = Bun.spawnSync(["df", "--output=avail", "-k", path])
  const available = Number(stdout.toString().split("\n")[1])
  writeFileSync(ballast, new Uint8Array((available - ROOM_KIB) * 1024))
}

async function buyUntilFault(
  shop: Awaited<ReturnType<typeof openShop>>,
  acknowledged: string[],
): Promise<InventoryFault> {
  for (let call = 0; ; call++) {
    try {
      const attempts = Array.from({ length: 50 }, (_, at) => shop.attempt(`cust-${call}-${at}`, "k"))
      for (const { order } of await shop.batch(...attempts)) acknowledged.push(order!.id)
    } catch (error) {
      expect(error).toBeInstanceOf(InventoryFault)
      return error as InventoryFault
    }
  }
}
