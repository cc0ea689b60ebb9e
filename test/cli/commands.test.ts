import { expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Command } from "commander"
import { auditCommand } from "../../src/cli/audit/command.ts"
import { HistoryFile } from "../../src/cli/audit/history-file.ts"
import { chaosCommand } from "../../src/cli/chaos/command.ts"
import { backendCommand, operatorCommand } from "../../src/cli/credential/command.ts"
import { planCommand } from "../../src/cli/plan/command.ts"
import { saleCommand } from "../../src/cli/sale/command.ts"
import { newSale } from "../../src/cli/sale/new-sale.ts"

const flags = { id: "shoes", name: "Shoe drop", units: "100", price: "149.00", currency: "EUR" }

function helpOf(command: Command): string {
  let help = ""
  command.configureOutput({ writeOut: text => (help += text) }).outputHelp()
  return help
}

test.each(
  [auditCommand(), chaosCommand(), saleCommand(), operatorCommand(), backendCommand(), planCommand()]
    .flatMap(one => [one, ...one.commands])
    .map(one => [one.name(), one] as const),
)("the help of %s shows an example", (name, command) => {
  expect(helpOf(command)).toMatch(new RegExp(`Examples?:\\n[^]*doorbuster ((sale|operator|backend) )?${name}`))
})

test("given only the required options, a sale opens now, is instant and has a limit of 1", () => {
  expect(newSale(flags)).toEqual({
    id: "shoes",
    name: "Shoe drop",
    description: "",
    opensAt: "now",
    checkout: "instant",
    limitPerCustomer: 1,
    items: [{ sku: "shoes", name: "Shoe drop", price: { amount: 14900, currency: "EUR" }, total: 100 }],
  })
})

test("given every option, a hold sale has them all", () => {
  const more = { opens: "2027-01-01T00:00:00Z", closes: "2027-01-02T00:00:00Z", checkout: "hold", holdSeconds: "60" }
  const releases = { maxReleases: "5", cooldownSeconds: "30" }
  const item = { sku: "shoe-42", listPrice: "199.00" }
  const sale = newSale({ ...flags, ...more, ...releases, ...item, limit: "2", description: "New." })
  expect(sale).toMatchObject({ maxReleases: 5, cooldownSeconds: 30 })
  expect(sale).toMatchObject({ checkout: "hold", holdSeconds: 60, limitPerCustomer: 2, description: "New." })
  expect(sale.items[0]).toMatchObject({ sku: "shoe-42", listPrice: { amount: 19900, currency: "EUR" } })
})

test.each([
  [{ price: undefined }, "--price is missing."],
  [{ price: "149" }, '--price must be written like 149.00 in EUR, not "149".'],
  [{ price: "149", currency: undefined }, "--currency is missing."],
  [{ currency: "euro" }, "--currency must be three letters, such as EUR."],
  [{ price: "149.00", currency: "JPY" }, '--price must be written like 149 in JPY, not "149.00".'],
  [{ listPrice: "148.99" }, "--list-price must not be below the price."],
  [{ units: "many" }, '--units must be a whole number in digits, such as 100, not "many".'],
  [{ units: "" }, '--units must be a whole number in digits, such as 100, not "".'],
  [{ units: "2000000000" }, "--units must be a whole number from 0 to 1000000000."],
  [{ limit: "0" }, "--limit must be a whole number from 1 to 1000."],
  [{ checkout: "hold", holdSeconds: "0" }, "--hold-seconds must be a whole number from 5 to 86400."],
  [{ checkout: "later" }, "--checkout must be instant or hold."],
  [{ opens: "tomorrow" }, "--opens must be a time such as 2030-05-01T19:00:00Z."],
  [{ opens: "" }, "--opens must be a time such as 2030-05-01T19:00:00Z."],
  [{ opens: "2030-02-30T00:00:00Z" }, "--opens must be a time such as 2030-05-01T19:00:00Z."],
  [{ opens: "2027-01-01T00:00:00Z", closes: "2027-01-01T00:00:00Z" }, "--closes must be after opensAt."],
  [{ id: "my shoes" }, "--id must be 1 to 64 of A-Z a-z 0-9 _ -."],
  [{ checkout: "hold" }, "--hold-seconds must be given for a hold sale, and only there."],
  [{ opens: "2020-01-02T00:00:00Z", closes: "2020-01-01T00:00:00Z" }, "--closes must be after opensAt."],
])("given %j, newSale throws one sentence", (change, sentence) => {
  expect(() => newSale({ ...flags, ...change })).toThrow(sentence)
})

test("given a file, newSale reads the whole sale and names the file in errors", () => {
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-sale-"))
  const file = join(folder, "sale.json")
  const sale = newSale({ ...flags, sku: "shoe-42" })
  writeFileSync(file, JSON.stringify(sale))
  expect(newSale({ file })).toEqual(sale)
  writeFileSync(file, JSON.stringify({ ...sale, items: [] }))
  expect(() => newSale({ file })).toThrow(/sale\.json, items /)
  expect(() => newSale({ file: join(folder, "none") })).toThrow(/none cannot be read/)
  rmSync(folder, { recursive: true })
})

test("given a folder or nothing as a history, the audit says in one sentence what it wants", () => {
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-history-"))
  expect(() => new HistoryFile(folder)).toThrow(
    `${folder} is a folder: --history takes the file that attack --history has written.`,
  )
  expect(() => new HistoryFile(join(folder, "none"))).toThrow(/none cannot be read: ENOENT[^\n]*\.$/)
  rmSync(folder, { recursive: true })
})
