import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { clockAt } from "../../support/stores/clocks.ts"
import { expectAudited } from "../../support/stores/evidence.ts"
import { FOREVER, newSale, OPENS } from "../../support/stores/shop.ts"

/** Buys until the small disk in the folder is full, makes room and buys again. Prints the result as JSON. */
const folder = process.argv[2] ?? ""
const ATTEMPTS_MAX = 10_000
const ballast = join(folder, "ballast")
const file = join(folder, "store.db")
writeFileSync(ballast, new Uint8Array(400_000))
let inventory = new SqliteInventory(
  file,
  clockAt(() => OPENS),
)
await inventory.decide([{ kind: "create", sale: newSale({ total: 1_000_000 }) }])

const acknowledged: string[] = []
async function buy(customerId: string): Promise<string> {
  const rest = { saleId: "drop", sku: "shoe", key: "k", quantity: 1, suffix: "0000", notAfter: FOREVER }
  const [answer] = await inventory.decide([{ kind: "reserve", customerId, ...rest }])
  acknowledged.push(answer!.order!.id)
  return answer!.outcome
}

async function buyUntilFull(): Promise<{ message: string; certain: boolean; name: string } | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    try {
      await buy(`cust-${attempt}`)
    } catch (fault) {
      const { name, message, certain } = fault as InventoryFault
      return { name, message, certain }
    }
  }
  return undefined
}

async function extra(): Promise<number> {
  const orders = await inventory.orders("drop", 0, ATTEMPTS_MAX * 2)
  const told = new Set(acknowledged)
  await expectAudited(inventory, OPENS)
  return orders.filter(({ id }) => !told.has(id)).length + told.size - orders.length
}

const fault = await buyUntilFull()
const differingWhenFull = await extra()
const again = await buy("again").catch((error: InventoryFault) => error.message)
rmSync(ballast)
const afterwards = await buy("afterwards").catch((error: InventoryFault) => error.message)
await inventory[Symbol.asyncDispose]()
inventory = new SqliteInventory(
  file,
  clockAt(() => OPENS),
)
const differingAtEnd = await extra()
await inventory[Symbol.asyncDispose]()
console.log(
  JSON.stringify({ fault, differingWhenFull, again, afterwards, differingAtEnd, bought: acknowledged.length }),
)
