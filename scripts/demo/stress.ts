import { attack } from "../../src/cli/attack/attack.ts"
import { summary } from "../../src/cli/attack/report/summary.ts"
import { freshSale, ledgerOf, openStack } from "./stack.ts"
import { perform, say } from "./stage.ts"

const BOTS = 500
const UNITS = 100

await perform({
  name: "stress",
  title: "B: five hundred bots",
  does: `${BOTS} bots, 50 at a time, try to buy one of ${UNITS} units.`,
  expects: `The stock stops at exactly 0, and PostgreSQL has ${UNITS} orders of ${UNITS} customers.`,
  async run() {
    const stack = await openStack()
    const sale = await freshSale(stack, "stress", UNITS)
    const report = await attack({ url: stack.url, sale: sale.id, buyers: BOTS, concurrency: 50 })
    for (const line of summary(report)) say(line)
    const [item] = (await stack.admin.sale(sale.id)).items
    const ledger = await ledgerOf(sale.id, UNITS)
    const refused = report.refused.sold_out ?? 0
    return [
      {
        what: `stock: ${item?.free} free, ${item?.sold} sold of ${item?.total}`,
        isSo: item?.free === 0 && item.sold === UNITS,
      },
      { what: `${report.confirmed} bots were told "yours"`, isSo: report.confirmed === UNITS },
      { what: `${refused} were told "sold out"`, isSo: refused === BOTS - UNITS },
      { what: `ledger: ${ledger.orders} orders`, isSo: ledger.orders === UNITS },
      { what: `ledger: ${ledger.customers} customers`, isSo: ledger.customers === UNITS },
      { what: "every answer agrees with the stock", isSo: report.ok && report.unknown === 0 },
    ]
  },
})
