import { writeSync } from "node:fs"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { FOREVER, newSale } from "../../support/stores/shop.ts"

/**
 * Buys and confirms as fast as it can and prints every answer as `KIND ORDER-ID`, or the fault.
 * Arguments: the file, the attempts per call, the prefix of the customers' names.
 */
const [file = "", perCall = "1", prefix = ""] = process.argv.slice(2)
const OPENED = 1_700_000_000_000
const inventory = new SqliteInventory(file)
let customers = 0

if ((await inventory.sales()).length === 0) {
  const sale = newSale({ total: 1_000_000_000, holdSeconds: 3600, opensAt: OPENED })
  await inventory.decide([{ kind: "create", sale }])
}

function print(line: string): void {
  writeSync(1, `${line}\n`)
}

async function buy(): Promise<void> {
  const attempts = Array.from({ length: Number(perCall) }, () => {
    const customerId = `${prefix}-${customers++}`
    const rest = { saleId: "drop", sku: "shoe", key: "k", quantity: 1, suffix: "0000", notAfter: FOREVER }
    return { kind: "reserve", customerId, ...rest } as const
  })
  for (const { outcome, order } of await inventory.decide(attempts)) print(`${outcome} ${order!.id}`)
}

async function confirmFirst(created: number): Promise<void> {
  const [order] = await inventory.orders("drop", created, 1)
  const [answer] = await inventory.decide([{ kind: "confirm", orderId: order!.id }])
  print(`${answer!.outcome} ${order!.id}`)
}

try {
  for (;;) {
    const { seq } = (await inventory.sales())[0]!
    await Promise.all([buy(), buy(), buy()])
    await Promise.all([confirmFirst(seq), buy()])
  }
} catch (fault) {
  const { message, certain } = fault as Error & { certain?: boolean }
  print(`fault ${JSON.stringify({ message, certain })}`)
}
