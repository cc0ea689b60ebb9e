import { createHmac } from "node:crypto"
import { SESSION_SECRET } from "./system.ts"

/** A customer's token as a shop's own backend would make it: without the code under test. */
export function tokenOf(
  customerId: string,
  claims: object = {},
  secret = SESSION_SECRET,
  header: object = { alg: "HS256", typ: "JWT" },
): string {
  const payload = { sub: customerId, aud: "doorbuster", exp: Math.floor(Date.now() / 1000) + 3600, ...claims }
  const signed = `${encoded(header)}.${encoded(payload)}`
  return `${signed}.${signatureOf(signed, secret)}`
}

/** HMAC-SHA-256 in base64url. */
export function signatureOf(text: string, secret = SESSION_SECRET): string {
  return createHmac("sha256", secret).update(text).digest("base64url")
}

/** JSON in base64url, as the parts of a token are written. */
export function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url")
}
