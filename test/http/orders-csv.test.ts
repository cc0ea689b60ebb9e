import { expect, test } from "bun:test"
import { ordersCsv } from "../../src/http/api/orders-csv.ts"
import { sheetText } from "../../src/http/api/sheet-text.ts"
import { MemoryInventory } from "../support/stores/memory-inventory.ts"
import { newItem, newSale, OPENS } from "../support/stores/shop.ts"

/*
 * The kind: a value that a program keeps exactly and the reader's program changes. A spreadsheet calculates cells that begin
 * with = + - @, drops first zeros, rounds after 15 digits, and reads 1e5, 1-2 and MAR1-2024 as other things.
 */
test.each([
  "-5",
  "=1+1",
  "+1",
  "@x",
  "\tx",
  "00123",
  "1234567890123456",
  "1e5",
  "12E10",
  "5e-3",
  "1-2",
  "2024-01-02",
  "2024-1",
  "1-jan",
  "JAN-1",
  "mar1-2024",
  "MAY_7",
  "3_4",
  "10P",
  "9am",
  "TRUE",
  "false",
])("given %j, the cell is kept as text", text => {
  expect(sheetText(text)).toBe(`'${text}`)
})

test.each([
  "iphone-17-pro-max",
  "A7-4Q2M",
  "E5-12E4",
  "ann",
  "auth0_12",
  "123456789012345",
  "12b",
  "0f3a-77",
  "marble",
  "8f14e45f-ceea",
  "7",
  "0",
])("given %j, the cell is the text itself", text => {
  expect(sheetText(text)).toBe(text)
})

async function linesOf(store: MemoryInventory): Promise<string[][]> {
  const text = await new Response(ordersCsv(store, "drop")).text()
  return text
    .trimEnd()
    .split("\r\n")
    .map(line => line.split(","))
}

test("given held, confirmed and released orders, the CSV has the totals and the time of every state", async () => {
  let now = OPENS
  const store = new MemoryInventory(() => now)
  const item = { ...newItem("shoe", 2500), price: { amount: 14_950, currency: "EUR" } }
  const terms = { items: [item], checkout: "hold" as const, holdSeconds: 600, limitPerCustomer: 3 }
  await store.decide([{ kind: "create", sale: { ...newSale(), ...terms } }])
  const reserve = (customerId: string, at: number) =>
    ({
      kind: "reserve",
      saleId: "drop",
      sku: "shoe",
      customerId,
      key: "k",
      quantity: 2,
      suffix: "AB12",
      notAfter: OPENS + 1e6 + at,
    }) as const
  const answers = await store.decide(Array.from({ length: 1100 }, (_, at) => reserve(at === 2 ? "-00" : `c${at}`, at)))
  now += 5000
  await store.decide([{ kind: "confirm", orderId: answers[0]!.order!.id }])
  now += 5000
  await store.decide([{ kind: "release", orderId: answers[1]!.order!.id, reason: "cancelled" }])
  await store.decide([{ kind: "confirm", orderId: answers[1099]!.order!.id }])
  const [header, first, second, third, ...rest] = await linesOf(store)
  const row = (cells: string[] | undefined) => Object.fromEntries(header!.map((name, at) => [name, cells?.[at]]))
  const time = (at: number) => new Date(OPENS + at).toISOString()
  const shared = { quantity: "2", amount: "14950", totalAmount: "29900", currency: "EUR", unitPrice: "149.50 EUR" }
  expect(row(first)).toMatchObject({
    ...{ ...shared, totalPrice: "299.00 EUR", state: "confirmed", createdAt: time(0), payBefore: time(600_000) },
    ...{ confirmedAt: time(5000), releasedAt: "" },
  })
  expect(row(second)).toMatchObject({ state: "released", confirmedAt: "", releasedAt: time(10_000) })
  expect(row(third)).toMatchObject({ state: "held", customerId: "'-00", confirmedAt: "", releasedAt: "" })
  expect(rest).toHaveLength(1097)
  expect(row(rest.at(-1))).toMatchObject({ state: "confirmed", confirmedAt: time(10_000) })
})

test("given a total beyond exact numbers, the CSV has every digit", async () => {
  const store = new MemoryInventory(() => OPENS)
  const price = { amount: Number.MAX_SAFE_INTEGER, currency: "IDR" }
  const sale = { ...newSale(), items: [{ ...newItem("shoe", 9), price }], limitPerCustomer: 9 }
  await store.decide([{ kind: "create", sale }])
  await store.decide([
    {
      kind: "reserve",
      saleId: "drop",
      sku: "shoe",
      customerId: "ann",
      key: "k",
      quantity: 3,
      suffix: "AB12",
      notAfter: OPENS,
    },
  ])
  const [header, line] = await linesOf(store)
  const cell = (name: string) => line?.[header!.indexOf(name)]
  expect([cell("totalAmount"), cell("totalPrice")]).toEqual(["'27021597764222973", "270215977642229.73 IDR"])
  expect(cell("confirmedAt")).toBe(new Date(OPENS).toISOString())
})
