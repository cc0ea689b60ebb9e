import { createHmac } from "node:crypto"
import { SESSION_SECRET } from "./system.ts"

/** A customer's token, minted as a shop's own backend would: without our code. */
export function tokenOf(customerId: string, claims: object = {}, secret = SESSION_SECRET): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const payload = { sub: customerId, aud: "doorbuster", exp: Math.floor(Date.now() / 1000) + 3600, ...claims }
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(payload)}`
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
}
