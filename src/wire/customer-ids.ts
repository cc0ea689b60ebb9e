import { createHmac } from "node:crypto"
import { isId } from "./wire.ts"

/** 1 to 128 characters, without control and format characters, unpaired surrogates and line separators. */
const SUBJECT = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u

/**
 * The customer's id for a shop's name of its customer. A name that has the form of an id is the id. Any other printable name,
 * such as `auth0|x` or an e-mail address, becomes its HMAC-SHA-256, so that no store and no fact ever holds it.
 */
export class CustomerIds {
  constructor(private readonly secret: string | undefined) {}

  /** Undefined if the name is not printable, or if it needs a secret and there is none. */
  of(subject: string): string | undefined {
    if (isId(subject)) return subject
    if (this.secret === undefined || !SUBJECT.test(subject)) return undefined
    return createHmac("sha256", this.secret).update(subject).digest("base64url")
  }
}
