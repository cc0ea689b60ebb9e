/**
 * The JSON of requests and responses, which the server, the command line and the pages share. The OpenAPI document is
 * made from these schemas. Times are RFC 3339 strings in UTC; money is in minor units.
 */

export * from "./administration.ts"
export * from "./buying.ts"
export { isId, Money, OrderId, Problem, SaleId, Sku } from "./common.ts"
export * from "./credentials.ts"
export * from "./reading.ts"
