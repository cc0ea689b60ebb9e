import { expect, test } from "bun:test"
import { createHmac } from "node:crypto"
import { join } from "node:path"
import { jwtVerify } from "jose"
import { fileCredentials, signedCredentials } from "../../../src/cli/attack/credentials.ts"

import { Folder } from "../../support/launch.ts"
import { tokenOf } from "../../support/token.ts"

const SECRET = "a secret of at least thirty-two bytes"

test("a signed token is accepted by another JWT library", async () => {
  const { customer, token } = signedCredentials(SECRET, "run1")(6)
  const { payload } = await jwtVerify(token, Buffer.from(SECRET), { audience: "doorbuster", algorithms: ["HS256"] })
  expect(payload.sub).toBe(customer)
  expect(customer).toBe("bot-run1-7")
  expect(payload.exp).toBeGreaterThan(Date.now() / 1000 + 3600)
})

test("a shop's tokens may name customers by id or by any other name", async () => {
  using folder = new Folder()
  const file = join(folder.path, "tokens")
  await Bun.write(file, `${tokenOf("ann")}\n${tokenOf("auth0|bob")}\n`)
  const credentials = fileCredentials(file, 2, SECRET)
  const bob = createHmac("sha256", SECRET).update("auth0|bob").digest("base64url")
  expect([credentials(0).customer, credentials(1).customer]).toEqual(["ann", bob])
  expect(() => fileCredentials(file, 2, undefined)).toThrow(/Token 2 of .* CUSTOMER_ID_SECRET as --customer-secret/)
})
