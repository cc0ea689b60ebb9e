import { expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { ConfigError, readConfig } from "../../../src/config/config.ts"
import { Authority } from "../../support/certificates.ts"
import { Folder } from "../../support/launch.ts"
import { needs } from "../../support/needs.ts"
import { OPENSSL } from "../../support/programs.ts"

const LEDGER_URL = "postgres://doorbuster@localhost:5432/doorbuster"

test.each([
  "redis://localhost",
  "redis://localhost:6379",
  "rediss://user:pass@valkey.example:6380/0",
  "redis://[::1]:6379",
  "redis+sentinel://one:26379,two:26379,three/mymaster",
  "redis+cluster://one:6379,two:6379",
  "rediss+cluster://:secret@one",
])("INVENTORY_URL=%s is a Redis", INVENTORY_URL => {
  const { inventory, ledger } = readConfig({ INVENTORY_URL, LEDGER_URL, LEDGER_PASSWORD: "p" })
  expect(inventory).toEqual({ store: "redis", url: INVENTORY_URL, password: undefined })
  expect(ledger).toEqual({ url: LEDGER_URL, password: "p" })
})

test.each([
  [{ INVENTORY_URL: "redis://" }, "INVENTORY_URL"],
  [{ INVENTORY_URL: "redis+sentinel://one:26379" }, "MASTER"],
  [{ INVENTORY_URL: "redis://one,two" }, "INVENTORY_URL"],
  [{ INVENTORY_URL: "redis+cluster://one,two/three" }, "INVENTORY_URL"],
  [{ INVENTORY_URL: "http://one" }, "INVENTORY_URL"],
  [{ INVENTORY_URL: "redis://one" }, "LEDGER_URL"],
  [{ LEDGER_URL }, "INVENTORY_URL"],
  [{ INVENTORY_URL: "redis://one", LEDGER_URL: "mysql://one/two" }, "LEDGER_URL"],
  [{ INVENTORY_URL: "redis://one", LEDGER_URL: "postgres://one" }, "DATABASE"],
  [{ INVENTORY_URL: "rediss://one", LEDGER_URL, INVENTORY_CA_FILE: "/nowhere" }, "INVENTORY_CA_FILE"],
  [{ INVENTORY_URL: "rediss://one", LEDGER_URL, INVENTORY_CA_FILE: import.meta.path }, "no certificate"],
  ...["require", "prefer", "verify-ca", "Verify-full"].map(mode => {
    return [
      { INVENTORY_URL: "redis://one", LEDGER_URL: `${LEDGER_URL}?sslmode=${mode}` },
      "sslmode=verify-full",
    ] as const
  }),
  [{ JOURNAL_FACTS_MAX: "99" }, "JOURNAL_FACTS_MAX"],
  [{ RELEASED_ORDERS_MAX: "0" }, "RELEASED_ORDERS_MAX"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, "OTEL_EXPORTER_OTLP_ENDPOINT"],
  [{ OTEL_TRACES_SAMPLER_ARG: "1.5" }, "OTEL_TRACES_SAMPLER_ARG"],
  [{ OTEL_TRACES_SAMPLER_ARG: "half" }, "OTEL_TRACES_SAMPLER_ARG"],
])("%p: one sentence", (env, word) => {
  expect(() => readConfig(env as Record<string, string>)).toThrow(ConfigError)
  expect(() => readConfig(env as Record<string, string>)).toThrow(new RegExp(`^(?=.*${word})[^\\n]+\\.$`))
})

needs(OPENSSL).test("an authority's certificate is refused where the URL asks for no TLS", () => {
  using authority = Authority.make()
  const stores = { INVENTORY_URL: "rediss://one", LEDGER_URL: `${LEDGER_URL}?sslmode=verify-full` }
  const files = { INVENTORY_CA_FILE: authority.file, LEDGER_CA_FILE: authority.file }
  const { inventory, ledger } = readConfig({ ...stores, ...files })
  expect([inventory, ledger]).toMatchObject([{ ca: authority.pem.trim() }, { ca: authority.pem.trim() }])
  expect(() => readConfig({ ...stores, ...files, INVENTORY_URL: "redis://one" })).toThrow(
    /^INVENTORY_CA_FILE [^\n]+\.$/,
  )
  expect(() => readConfig({ ...stores, ...files, LEDGER_URL })).toThrow(/^LEDGER_CA_FILE [^\n]+\.$/)
})

test("the message about a refused URL does not repeat its password", () => {
  for (const env of [{ INVENTORY_URL: "redis://me:hunter2@one,two" }, { LEDGER_URL: "postgres//me:hunter2@one" }]) {
    expect(() => readConfig(env)).toThrow(/^[^\n]+\.$/)
    expect(() => readConfig(env)).not.toThrow(/hunter2/)
  }
})

test("company accounts are off without settings, need all of them, and refuse each that cannot be used with one sentence", () => {
  const OIDC_REDIRECT_URL = "https://control.example/api/v1/admin/session/oidc/callback"
  const env = {
    OIDC_ISSUER: "https://login.example/realms/shop",
    OIDC_CLIENT_ID: "doorbuster",
    OIDC_CLIENT_SECRET: "s",
    OIDC_REDIRECT_URL,
    OIDC_ROLES: "shop-viewers=viewer, /shop/a=b = owner",
  }
  expect(readConfig({ OIDC_SCOPE: "" }).oidc).toBeUndefined()
  expect(readConfig(env).oidc).toMatchObject({
    scope: "openid profile email",
    roles: new Map([
      ["shop-viewers", "viewer"],
      ["/shop/a=b", "owner"],
    ]),
  })
  for (const name of Object.keys(env)) {
    expect(() => readConfig({ ...env, [name]: "" })).toThrow(`Signing in with a company account also needs ${name}.`)
    expect(() => readConfig({ [name]: env[name as keyof typeof env] })).toThrow(/^Signing in [^\n]+\.$/)
  }
  const refused = {
    OIDC_ISSUER: ["http://login.example", "login.example"],
    OIDC_REDIRECT_URL: [
      OIDC_REDIRECT_URL.replace("https", "http"),
      "https://control.example/",
      `${OIDC_REDIRECT_URL}?a=`,
    ],
    OIDC_ROLES: ["shop-viewers", "=owner", "a=root", "a=viewer,a=owner", "a=viewer,"],
    OIDC_SCOPE: ["profile"],
  }
  for (const [name, values] of Object.entries(refused)) {
    for (const value of values) {
      expect(() => readConfig({ ...env, [name]: value })).toThrow(new RegExp(`^${name} [^\\n]+\\.$`))
    }
  }
})

test("a secret may be read from a file, under the same rules", () => {
  using folder = new Folder()
  const file = folder.file("token")
  writeFileSync(file, "a token long enough\n")
  expect(readConfig({ ADMIN_TOKEN_FILE: file }).adminToken).toBe("a token long enough")
  expect(() => readConfig({ ADMIN_TOKEN_FILE: file, ADMIN_TOKEN: "another token, as long" })).toThrow(/both set/)
  expect(() => readConfig({ SESSION_SECRET_FILE: file })).toThrow(/has 19 bytes/)
  expect(() => readConfig({ SESSION_SECRET_FILE: folder.file("none") })).toThrow(
    /SESSION_SECRET_FILE .* cannot be read/,
  )
  writeFileSync(file, "")
  expect(() => readConfig({ ADMIN_TOKEN_FILE: file })).toThrow(/has 0 bytes/)
})
