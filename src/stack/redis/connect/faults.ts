import { ErrorReply } from "@redis/client"
import { InventoryFault } from "../../../core/ports/inventory.ts"

/** Errors that the server replies before a function starts, or before its first write. The call had no effect. */
const DEFINITE =
  /^(NOREPLICAS|OOM|READONLY|LOADING|MASTERDOWN|MISCONF|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|CROSSSLOT|NOAUTH|WRONGPASS|NOPERM|BUSY)\b/
const DECIDING = /\b(HEADER|ORDER)\b/

const SENTENCES: [RegExp, string][] = [
  [/^OOM/, "The store's memory is full: raise maxmemory in redis.conf."],
  [/^NOREPLICAS/, "Too few replicas of the store are connected (min-replicas-to-write)."],
  [/^(LOADING|MASTERDOWN|CLUSTERDOWN)/, "The store is starting."],
  [/^READONLY/, "The store is a replica, and its master is elsewhere."],
  [/^(NOAUTH|WRONGPASS)/, "The store refuses the user name or password of INVENTORY_URL."],
  [/^NOPERM/, "The store's ACL forbids what INVENTORY_URL's user must do"],
]

/** The server does not have the function. It is loaded, and the call repeated. */
export function isMissing(error: unknown): boolean {
  return error instanceof ErrorReply && /Function not found/i.test(error.message)
}

/** Another node has the slot. The topology is refreshed, and the call repeated. */
export function isMoved(error: unknown): boolean {
  return error instanceof ErrorReply && /^(MOVED|ASK|TRYAGAIN|READONLY)\b/.test(error.message)
}

/** The function stopped, because a change would break `free + held + sold = total`. */
export function isViolation(error: unknown): boolean {
  return error instanceof ErrorReply && /\bCONSERVATION\b/.test(error.message)
}

/** The fault behind a rejected command. It is certain only for the error replies that are listed here. */
export function faultOf(error: Error): InventoryFault {
  if (error instanceof InventoryFault) return error
  if (!(error instanceof ErrorReply)) return new InventoryFault(`The store is away: ${plain(error)}.`, false)
  const { message } = error
  const violated = /\bCONSERVATION (\S+)/.exec(message)
  if (violated) {
    return new InventoryFault(`The store's numbers for ${violated[1]} do not add up, so this sale has stopped.`, true)
  }
  const known = SENTENCES.find(([pattern]) => pattern.test(message))
  const certain = DEFINITE.test(message) || DECIDING.test(message) || isMissing(error)
  const sentence = known && message.startsWith("NOPERM") ? `${known[1]}: ${plain(error)}.` : known?.[1]
  return new InventoryFault(sentence ?? `The store answered with an error: ${plain(error)}.`, certain)
}

/** An error's message without its full stop, to be put into a sentence. */
export function plain(error: Error): string {
  return (error.message || error.name).replace(/\.\s*$/, "")
}
