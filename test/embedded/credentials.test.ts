import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { FileCredentials } from "../../src/embedded/file-credentials.ts"
import { credentialContract } from "../support/contract/credentials.ts"

const folder = mkdtempSync(join(tmpdir(), "doorbuster-credentials-"))
const file = join(folder, "operators.json")
afterAll(() => rmSync(folder, { recursive: true }))

credentialContract(
  "the embedded system's file",
  async () => new FileCredentials(file),
  async () => rmSync(file, { force: true }),
)

test("only its owner can read the file", async () => {
  await new FileCredentials(file).endSession({ id: "one", until: 2 }, 1)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test.each(["{", "[]", "null", '{"credentials":[]}'])(
  "given a file with %p, the start says one sentence and leaves it",
  text => {
    writeFileSync(file, text)
    expect(() => new FileCredentials(file)).toThrow(
      /operators\.json cannot be read; delete it, then make the operators again\.$/,
    )
    expect(readFileSync(file, "utf8")).toBe(text)
  },
)
