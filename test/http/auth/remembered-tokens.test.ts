import { expect, test } from "bun:test"
import { createHmac } from "node:crypto"
import { Recent } from "../../../src/http/auth/recent.ts"
import { CustomerTokens } from "../../../src/http/auth/tokens.ts"
import { CustomerIds } from "../../../src/wire/customer-ids.ts"

const SECRET = "the first secret of 32 bytes or more"
const NEXT = "the second secret of 32 bytes or more"
const NOW = 1_800_000_000
const MS = NOW * 1000
const MINUTE = 60

/** Verifies tokens as a process does that was started with these secrets. */
function started({
  secret = SECRET,
  previous,
  system = "one",
}: {
  secret?: string
  previous?: string
  system?: string
}) {
  const state = { system: system as string | undefined }
  const options = { secret, previous, customerIds: new CustomerIds(undefined), systemId: () => state.system }
  return { state, tokens: new CustomerTokens(options) }
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

function signed(claims: object): string {
  const text = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded({ sub: "ann", aud: "doorbuster", ...claims })}`
  return `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`
}

test("a token that was good is refused once it has ended, and before it begins", () => {
  const { tokens } = started({})
  const token = signed({ exp: NOW + MINUTE, nbf: NOW })
  const verdicts = [0, 119, 120, 0, -61].map(seconds => tokens.verify(token, MS + seconds * 1000))
  const good = { customerId: "ann", expires: NOW + MINUTE, isAnonymous: false }
  expect(verdicts).toEqual([good, good, "expired", good, "early"])
})

test("a token that was good for one use is refused for another", () => {
  const { tokens } = started({})
  const token = signed({ exp: NOW + MINUTE })
  expect(tokens.verify(token, MS)).toMatchObject({ customerId: "ann" })
  expect(tokens.verify(token, MS, "renewal")).toBe("audience")
  expect(tokens.verify(token, MS, "form")).toBe("audience")
})

test("a token that was good is refused once the store turns out to be another system's", () => {
  const { state, tokens } = started({})
  const token = tokens.mint("session", { customerId: "ann", isAnonymous: true }, NOW, NOW + MINUTE)
  expect(tokens.verify(token, MS)).toMatchObject({ isAnonymous: true })
  state.system = "two"
  expect(tokens.verify(token, MS)).toBe("system")
  expect(tokens.verifyEnded(token, "session")).toBeUndefined()
})

test("a secret that is no longer used verifies nothing, whatever was verified with it before", () => {
  const token = signed({ exp: NOW + MINUTE })
  const before = started({}).tokens
  const between = started({ secret: NEXT, previous: SECRET }).tokens
  const after = started({ secret: NEXT }).tokens
  for (let time = 0; time < 2; time++) {
    const verdicts = [before, between, after].map(tokens => tokens.verify(token, MS))
    expect(verdicts).toMatchObject([{ customerId: "ann" }, { customerId: "ann" }, "signature"])
  }
})

test("a token that is remembered vouches for no other text", () => {
  const { tokens } = started({})
  const token = signed({ exp: NOW + MINUTE })
  expect(tokens.verify(token, MS)).toMatchObject({ customerId: "ann" })
  const [header, , signature] = token.split(".")
  const forged = `${header}.${encoded({ sub: "bob", aud: "doorbuster", exp: NOW + MINUTE })}.${signature}`
  const others = [forged, `${token}A`, token.slice(0, -1), ` ${token}`, `${token}.`]
  for (const other of [...others, ...others]) expect(tokens.verify(other, MS)).toBeString()
})

test("no more than twice the given number of values is kept, and those that are used stay", () => {
  const recent = new Recent<{ at: number }>(10)
  for (let at = 0; at < 1000; at++) {
    recent.set(`value ${at}`, { at })
    expect(recent.get("value 0")).toEqual({ at: 0 })
    expect(recent.size).toBeLessThanOrEqual(20)
  }
  expect(recent.get("value 500")).toBeUndefined()
  expect(recent.get("value 995")).toEqual({ at: 995 })
})
