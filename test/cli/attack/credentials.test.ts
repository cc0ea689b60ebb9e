import { expect, test } from "bun:test"
import { jwtVerify } from "jose"
import { signedCredentials } from "../../../src/cli/attack/credentials.ts"

const SECRET = "a secret of at least thirty-two bytes"

test("a signed token is accepted by another JWT library", async () => {
  const { customer, token } = signedCredentials(SECRET, "run1")(6)
  const { payload } = await jwtVerify(token, Buffer.from(SECRET), { audience: "doorbuster", algorithms: ["HS256"] })
  expect(payload.sub).toBe(customer)
  expect(customer).toBe("bot-run1-7")
  expect(payload.exp).toBeGreaterThan(Date.now() / 1000 + 3600)
})
