import { expect, test } from "bun:test"
import { PurchaseAddresses } from "../../../src/http/address.ts"

const BASE = "http://shop.example:8080/api/v1/sales"

test("the address of a purchase is canonical for its own sale only, however often it came before", () => {
  const addresses = new PurchaseAddresses()
  for (let time = 0; time < 3; time++) {
    expect(addresses.isCanonical(`${BASE}/drop/orders`, "drop")).toBe(true)
    for (const saleId of ["drops", "dro", "", "..", "drop/x"]) {
      expect(addresses.isCanonical(`${BASE}/drop/orders`, saleId)).toBe(false)
    }
  }
})

test("an address with a query, an escape or another path is not", () => {
  const addresses = new PurchaseAddresses()
  const odd = [
    `${BASE}/drop/orders?a=1`,
    `${BASE}/dr%6fp/orders`,
    `${BASE}/drop/orders/`,
    `${BASE}/x/../drop/orders`,
    "*",
  ]
  for (const url of [...odd, ...odd]) expect(addresses.isCanonical(url, "drop")).toBe(false)
})

test("given more addresses than are remembered, still judges each", () => {
  const addresses = new PurchaseAddresses()
  for (let at = 0; at < 250; at++) {
    expect(addresses.isCanonical(`http://host-${at}/api/v1/sales/s${at}/orders`, `s${at}`)).toBe(true)
    expect(addresses.isCanonical(`http://host-${at}/api/v1/sales/s${at}/orders`, "s")).toBe(false)
  }
})
