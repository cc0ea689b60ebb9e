import { createHmac } from "node:crypto"
import { readFileSync } from "node:fs"
import { CliError } from "../cli-error.ts"

/** Who a buyer is, and the token that proves it. */
export interface Credential {
  customer: string
  token: string
}

export type Credentials = (buyer: number) => Credential

const TOKEN_SECONDS = 24 * 60 * 60
const HEADER = base64url({ alg: "HS256", typ: "JWT" })

/** Tokens are signed when they are needed: a million of them would fill the memory. `run` sets attacks apart. */
export function signedCredentials(secret: string, run: string): Credentials {
  const exp = Math.floor(Date.now() / 1000) + TOKEN_SECONDS
  return buyer => {
    const customer = `bot-${run}-${buyer + 1}`
    const content = `${HEADER}.${base64url({ sub: customer, aud: "doorbuster", exp })}`
    return { customer, token: `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}` }
  }
}

/** One token a line; empty lines are skipped. */
export function fileCredentials(file: string, buyers: number): Credentials {
  const tokens = readTokens(file)
  if (tokens.length < buyers) {
    throw new CliError(`${file} has ${tokens.length} tokens for ${buyers} buyers: add tokens or lower --buyers.`)
  }
  const credentials = tokens.slice(0, buyers).map((token, index) => {
    const customer = subjectOf(token)
    if (!customer) throw new CliError(`Token ${index + 1} of ${file} is not a JWT with a subject.`)
    return { customer, token }
  })
  return buyer => credentials[buyer]!
}

function readTokens(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split(/\s+/).filter(Boolean)
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${error instanceof Error ? error.message : error}.`)
  }
}

function subjectOf(token: string): string | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString("utf8"))
    const subject = (payload as { sub?: unknown } | null)?.sub
    return typeof subject === "string" ? subject : undefined
  } catch {
    return undefined
  }
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url")
}
