import type { Confirm, Release, Reserve, Restock, Steer } from "../../../core/command.ts"
import { parseOrderId } from "../../../core/order.ts"
import type { Millis } from "../../../core/sale.ts"

/** What one call can decide together; the others need a look at the sale first. */
export type Simple = Reserve | Confirm | Release | Steer | Restock

const STEER_TAGS = { pause: "p", resume: "a", close: "z" } as const
const PLAIN = /^[A-Za-z0-9_-]{1,64}$/

/** Whether a text may stand between the separators of what is kept. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

/**
 * The commands as arguments of a call: attempts that differ only in who and under which key share what they have in
 * common. `byStore` turns a time of this process into the store's.
 */
export function pack(commands: readonly Simple[], byStore = (at: Millis) => at): string[] {
  const args: string[] = []
  for (let at = 0; at < commands.length; ) {
    const command = commands[at]!
    if (command.kind === "reserve") {
      at += packAttempts(args, commands, at, byStore)
      continue
    }
    args.push(...packOne(command))
    at++
  }
  return args
}

function packOne(command: Exclude<Simple, Reserve>): string[] {
  switch (command.kind) {
    case "confirm":
    case "release": {
      const { seq, suffix } = parseOrderId(command.orderId)!
      const rest = [String(seq), suffix, command.by ?? ""]
      return command.kind === "confirm" ? ["c", ...rest] : ["x", ...rest, command.reason[0]!]
    }
    case "restock":
      return ["s", command.sku, wholeText(command.units)]
    default:
      return [STEER_TAGS[command.kind]]
  }
}

/** Returns how many attempts were packed. */
function packAttempts(
  args: string[],
  commands: readonly Simple[],
  from: number,
  byStore: (at: Millis) => Millis,
): number {
  const first = commands[from] as Reserve
  const customers: string[] = []
  const times: number[] = []
  let rests = ""
  for (let at = from; at < commands.length; at++) {
    const attempt = commands[at]!
    if (attempt.kind !== "reserve" || attempt.sku !== first.sku || attempt.quantity !== first.quantity) break
    customers.push(attempt.customerId)
    times.push(byStore(attempt.notAfter))
    rests += `${attempt.suffix}${attempt.key}\n`
  }
  const earliest = Math.min(...times)
  const lates = times.every(time => time === earliest) ? "" : times.join(",")
  const { sku, quantity } = first
  args.push("r", sku, wholeText(quantity), String(customers.length), String(earliest), lates, rests, ...customers)
  return customers.length
}

/** Digits, or `0` for what is no whole number from 1. */
function wholeText(number: number): string {
  return Number.isSafeInteger(number) && number >= 1 ? String(number) : "0"
}
