import type { ZodType } from "zod"
import * as wire from "../../../wire/wire.ts"

/** One operation of the API, as the OpenAPI document tells it. */
export interface Route {
  method: "get" | "post" | "patch" | "delete"
  path: string
  operationId: string
  group: "Buying" | "Sales" | "Administration" | "Operations"
  access: "anyone" | "customer" | "owner" | "administrator"
  summary: string
  description?: string
  body?: ZodType
  query?: ZodType
  headers?: string[]
  answers: { status: number; description: string; schema?: ZodType; type?: string }[]
}

export const malformed = { status: 400, description: "`invalid_request`: malformed." }
export const unauthorized = { status: 401, description: "`unauthorized`: no token, or a bad or expired one." }
export const unknownSale = { status: 404, description: "`sale_unknown`: no such sale or item." }
export const locked = {
  status: 429,
  description: "`rate_limited`: too many wrong administrator's tokens came from this address. `Retry-After` says when.",
}
export const tooLarge = { status: 413, description: "The body is larger than 16 KiB." }
export const unavailable = {
  status: 503,
  description: "`overloaded`, `reconciling`: no effect. `outcome_unknown`: retry with the same key.",
}
export const sale = { status: 200, description: "The sale.", schema: wire.Sale }
