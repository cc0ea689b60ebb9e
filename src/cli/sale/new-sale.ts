import { readFileSync } from "node:fs"
import { NewSale } from "../../wire/wire.ts"
import { CliError, messageOf } from "../cli-error.ts"

export interface CreateFlags {
  file?: string | undefined
  id?: string | undefined
  name?: string | undefined
  description?: string | undefined
  sku?: string | undefined
  units?: string | undefined
  price?: string | undefined
  listPrice?: string | undefined
  currency?: string | undefined
  limit?: string | undefined
  opens?: string | undefined
  closes?: string | undefined
  checkout?: string | undefined
  holdSeconds?: string | undefined
  maxReleases?: string | undefined
  cooldownSeconds?: string | undefined
}

/** The option behind each field, so that an error can name the option. */
const OPTION: Record<string, string> = {
  id: "--id",
  name: "--name",
  description: "--description",
  opensAt: "--opens",
  closesAt: "--closes",
  checkout: "--checkout",
  holdSeconds: "--hold-seconds",
  limitPerCustomer: "--limit",
  maxReleases: "--max-releases",
  cooldownSeconds: "--cooldown-seconds",
  "items.0.sku": "--sku",
  "items.0.total": "--units",
  "items.0.price.amount": "--price",
  "items.0.price.currency": "--currency",
  "items.0.listPrice.amount": "--list-price",
  "items.0.listPrice.currency": "--currency",
}

/** The sale that the options or the file describe, checked by the server's own schema. Throws `CliError`. */
export function newSale(flags: CreateFlags, now: number): NewSale {
  const parsed = NewSale.safeParse(flags.file === undefined ? fromOptions(flags, now) : fromFile(flags.file))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.join(".") ?? ""
  const where = flags.file === undefined ? (OPTION[path] ?? path) : `${flags.file}, ${path}`
  const fault = issue?.message.endsWith("received undefined") ? "is missing" : issue?.message
  throw new CliError(`${where} ${fault}.`)
}

function fromOptions(flags: CreateFlags, now: number): unknown {
  const { id, name, sku = id, units, price, listPrice, currency, limit, holdSeconds } = flags
  const item = { sku, name, total: number(units), price: { amount: number(price), currency } }
  const listed = listPrice === undefined ? item : { ...item, listPrice: { amount: number(listPrice), currency } }
  return given({
    id,
    name,
    description: flags.description,
    opensAt: flags.opens ?? new Date(now).toISOString(),
    closesAt: flags.closes,
    checkout: flags.checkout,
    holdSeconds: number(holdSeconds),
    limitPerCustomer: number(limit),
    maxReleases: number(flags.maxReleases),
    cooldownSeconds: number(flags.cooldownSeconds),
    items: [listed],
  })
}

function fromFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"))
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${messageOf(error)}.`)
  }
}

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
