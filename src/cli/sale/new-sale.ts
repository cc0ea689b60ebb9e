import { readFileSync } from "node:fs"
import { amountExample, amountGiven, wholeGiven } from "../../wire/given.ts"
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
  "items.0.listPrice": "--list-price",
  "items.0.listPrice.amount": "--list-price",
  "items.0.listPrice.currency": "--currency",
}

/** The sale that the options or the file describe, checked by the server's own schema. Throws `CliError`. */
export function newSale(flags: CreateFlags): NewSale {
  const parsed = NewSale.safeParse(flags.file === undefined ? fromOptions(flags) : fromFile(flags.file))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.join(".") ?? ""
  const where = flags.file === undefined ? (OPTION[path] ?? path) : `${flags.file}, ${path}`
  const fault = issue?.message.endsWith("received undefined") ? "is missing" : issue?.message
  throw new CliError(`${where} ${fault}.`)
}

function fromOptions(flags: CreateFlags): unknown {
  const { id, name, sku = id, currency, limit, holdSeconds } = flags
  const price = { amount: amount("--price", flags.price, currency), currency }
  const item = { sku, name, total: whole("--units", flags.units), price }
  const listPrice = { amount: amount("--list-price", flags.listPrice, currency), currency }
  const listed = flags.listPrice === undefined ? item : { ...item, listPrice }
  return given({
    id,
    name,
    description: flags.description,
    // Without a time the server says what is now, because this machine's clock may be wrong.
    opensAt: flags.opens,
    closesAt: flags.closes,
    checkout: flags.checkout,
    holdSeconds: whole("--hold-seconds", holdSeconds),
    limitPerCustomer: whole("--limit", limit),
    maxReleases: whole("--max-releases", flags.maxReleases),
    cooldownSeconds: whole("--cooldown-seconds", flags.cooldownSeconds),
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

/** The number that an option gives; the schema knows its bounds. Throws `CliError` unless it is written in digits alone. */
function whole(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = wholeGiven(text, 0, Number.MAX_SAFE_INTEGER)
  if (value !== undefined) return value
  throw new CliError(`${option} must be a whole number in digits, such as 100, not ${JSON.stringify(text)}.`)
}

/** The price that an option gives, in minor units. Throws `CliError` unless it has the decimals of its currency. */
function amount(option: string, text: string | undefined, currency: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (currency === undefined) throw new CliError("--currency is missing.")
  if (!/^[A-Z]{3}$/.test(currency)) throw new CliError("--currency must be three letters, such as EUR.")
  const value = amountGiven(text, currency)
  if (value !== undefined) return value
  const form = `${amountExample(currency)} in ${currency}`
  throw new CliError(`${option} must be written like ${form}, not ${JSON.stringify(text)}.`)
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
