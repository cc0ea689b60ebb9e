import { createHmac } from "node:crypto"
import { readFileSync } from "node:fs"
import { systemTime } from "../../runtime/time.ts"
import { CustomerIds } from "../../wire/customer-ids.ts"
import { CliError, messageOf } from "../cli-error.ts"

/** A buyer's customer id and the token that proves it. */
export interface BuyerCredential {
  customer: string
  token: string
}

/** The credential of a buyer, by number from 0. */
export type Credentials = (buyer: number) => BuyerCredential

const TOKEN_SECONDS = 24 * 60 * 60
const HEADER = base64url({ alg: "HS256", typ: "JWT" })

/**
 * Signs each token when it is needed, because a million of them would fill the memory. `run` keeps the customers of one
 * attack apart from those of another.
 */
export function signedCredentials(secret: string, run: string, clock = systemTime): Credentials {
  const exp = Math.floor(clock.now() / 1000) + TOKEN_SECONDS
  return buyer => {
    const customer = `bot-${run}-${buyer + 1}`
    const content = `${HEADER}.${base64url({ sub: customer, aud: "doorbuster", exp })}`
    return { customer, token: `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}` }
  }
}

/**
 * Reads tokens from a file with one per line. `customerSecret`, the system's CUSTOMER_ID_SECRET, turns subjects such as `auth0|x`
 * into customer ids. Throws `CliError` when the tokens are too few, or when one names nobody.
 */
export function fileCredentials(file: string, buyers: number, customerSecret: string | undefined): Credentials {
  const ids = new CustomerIds(customerSecret)
  const tokens = readTokens(file)
  if (tokens.length < buyers) {
    throw new CliError(`${file} has ${tokens.length} tokens for ${buyers} buyers: add tokens or lower --buyers.`)
  }
  const credentials = tokens.slice(0, buyers).map((token, index) => {
    const subject = subjectOf(token)
    if (!subject) throw new CliError(`Token ${index + 1} of ${file} is not a JWT with a subject.`)
    const customer = ids.of(subject)
    if (customer !== undefined) return { customer, token }
    throw new CliError(
      `Token ${index + 1} of ${file} names its customer by no id: give the system's CUSTOMER_ID_SECRET as --customer-secret.`,
    )
  })
  return listedCredentials(credentials)
}

export function listedCredentials(list: readonly BuyerCredential[]): Credentials {
  return buyer => {
    const credential = list[buyer]
    if (!credential) throw new Error(`Buyer ${buyer} has no credential.`)
    return credential
  }
}

function readTokens(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split(/\s+/).filter(Boolean)
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${messageOf(error)}.`)
  }
}

function subjectOf(token: string): string | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined
  try {
    const [, content = ""] = token.split(".")
    const payload: unknown = JSON.parse(Buffer.from(content, "base64url").toString("utf8"))
    const subject = (payload as { sub?: unknown } | null)?.sub
    return typeof subject === "string" ? subject : undefined
  } catch {
    return undefined
  }
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url")
}
