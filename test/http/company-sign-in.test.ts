import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { CompanyAccounts } from "../../src/http/auth/company-accounts.ts"
import type { ActionList, Problem } from "../../src/wire/wire.ts"
import { FakeTime } from "../support/fake-time.ts"
import { Company } from "../support/http/company.ts"
import { freePort, System } from "../support/system.ts"

/**
 * The kind of fault held here: an answer that is not the provider's, not to this browser, not of now or not of a person with a role
 * opens the control room, or leads a browser elsewhere.
 */
const START = "/api/v1/admin/session/oidc"
const CALLBACK = `${START}/callback`
const ORIGIN = "https://control.example"
const SETTINGS = {
  clientId: Company.CLIENT,
  clientSecret: Company.SECRET,
  redirectUrl: `${ORIGIN}${CALLBACK}`,
  scope: "openid",
  roles: new Map([["staff", "viewer"]] as const),
}
const signed = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("base64url")
const OIDC_ROLES = "shop-viewers=viewer,shop-ops=operator,shop-owners=owner"

let company: Company
let system: System
/** What operators use. */
let inside: string

beforeAll(async () => {
  company = await Company.start()
  const port = await freePort()
  inside = `http://127.0.0.1:${port}`
  const env = {
    REPLICAS: "1",
    OPERATORS_PORT: String(port),
    OIDC_ISSUER: company.issuer,
    OIDC_CLIENT_ID: Company.CLIENT,
    OIDC_CLIENT_SECRET: Company.SECRET,
    OIDC_REDIRECT_URL: `${ORIGIN}${CALLBACK}`,
    OIDC_ROLES,
  }
  system = await System.start({ env })
}, 30_000)
afterAll(async () => {
  await system.stop()
  await company[Symbol.asyncDispose]()
})
beforeEach(() => {
  company.person = { preferred_username: "ann", groups: ["staff", "shop-viewers", "shop-ops"] }
  company.wrong = {}
  company.signsWithOtherKey = false
  company.isDown = false
})

function get(path: string, Cookie = ""): Promise<Response> {
  return fetch(`${inside}${path}`, { redirect: "manual", headers: { Cookie } })
}

/** Goes to the provider and back as far as its answer, as a browser does. */
async function cameBack(start = START): Promise<{ path: string; cookie: string }> {
  const started = await get(start)
  expect(started.status).toBe(303)
  const atProvider = await fetch(started.headers.get("location")!, { redirect: "manual" })
  const back = new URL(atProvider.headers.get("location")!)
  expect(back.origin).toBe(ORIGIN)
  return { path: back.pathname + back.search, cookie: started.headers.get("set-cookie")!.split(";")[0]! }
}

function controlCookie(response: Response): string | undefined {
  return response.headers
    .getSetCookie()
    .find(cookie => cookie.startsWith("__Host-control="))
    ?.split(";")[0]
}

/** Signs in as `person`, who must have a role. */
async function signedIn(): Promise<string> {
  const { path, cookie } = await cameBack()
  return controlCookie(await get(path, cookie))!
}

async function expectRefused(response: Response, status: number): Promise<Problem> {
  expect(controlCookie(response)).toBeUndefined()
  expect(response.headers.get("location")).toBeNull()
  expect(response.status).toBe(status)
  return (await response.json()) as Problem
}

test("a person of a group enters with the highest role of their groups, and the logbook names them", async () => {
  const { path, cookie } = await cameBack()
  const response = await get(path, cookie)
  expect(response.status).toBe(303)
  expect(response.headers.get("location")).toBe("/control")
  const cookies = response.headers.getSetCookie()
  expect(cookies[0]).toBe("__Host-oidc=; Max-Age=0; HttpOnly; SameSite=Lax; Path=/; Secure")
  expect(cookies[1]).toMatch(/^__Host-control=.*; Max-Age=14400; HttpOnly; SameSite=Strict; Path=\/; Secure$/)
  const Cookie = controlCookie(response)!
  const who = await (await get("/api/v1/admin/session", Cookie)).json()
  expect(who).toMatchObject({ name: "oidc:ann", role: "operator" })
  const { actions } = (await (await get("/api/v1/admin/actions", Cookie)).json()) as ActionList
  expect(actions.at(-1)).toMatchObject({ action: "signInWithCompany", by: "oidc:ann", subject: "operator 00u1" })
  // The role is the limit of what they may do.
  expect((await get("/api/v1/admin/credentials", Cookie)).status).toBe(403)
  company.person = { email: "bo@shop.example", groups: "shop-owners" }
  expect((await get("/api/v1/admin/credentials", await signedIn())).status).toBe(200)
})

test("a session ends when its person signs out, and cannot be raised", async () => {
  const Cookie = await signedIn()
  const [payload, signature] = Cookie.slice("__Host-control=".length).split(".") as [string, string]
  const raised = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), companyRole: "owner" }
  const text = Buffer.from(JSON.stringify(raised)).toString("base64url")
  expect((await get("/api/v1/admin/session", `control=${text}.${signature}`)).status).toBe(401)
  const headers = { Cookie, Origin: inside }
  expect((await fetch(`${inside}/api/v1/admin/session`, { method: "DELETE", headers })).status).toBe(200)
  expect((await get("/api/v1/admin/session", Cookie)).status).toBe(401)
})

test("given a browser that shows pages, a refusal leads to the sign-in page with its reason, and gives no session", async () => {
  const seen = async (path: string, Cookie = "") => {
    const headers = { Cookie, Accept: "text/html,application/xhtml+xml,*/*;q=0.8" }
    const response = await fetch(`${inside}${path}`, { redirect: "manual", headers })
    expect(controlCookie(response)).toBeUndefined()
    return [response.status, response.headers.get("location")]
  }
  const { path, cookie } = await cameBack()
  expect(await seen(path)).toEqual([303, "/control?refused=refused"])
  company.person = { preferred_username: "eve", groups: [] }
  expect(await seen(path, cookie)).toEqual([303, "/control?refused=no_role"])
  const other = await cameBack()
  company.isDown = true
  expect(await seen(other.path, other.cookie)).toEqual([303, "/control?refused=down"])
})

test("given a person without a group that has a role, the answer is one sentence and nobody enters", async () => {
  for (const groups of [[], ["staff", "shop-owners "], { "shop-owners": true }, undefined]) {
    company.person = { preferred_username: "eve", groups }
    const { path, cookie } = await cameBack()
    const { detail } = await expectRefused(await get(path, cookie), 403)
    expect(detail).toMatch(/^This needs a group of your company account that has a role here[^.]*\.$/)
  }
})

test("an answer is good once, for the browser that asked, with the state that it was given", async () => {
  const mine = await cameBack()
  const other = await cameBack()
  const before = company.exchanges
  await expectRefused(await get(mine.path), 401)
  await expectRefused(await get(mine.path, other.cookie), 401)
  await expectRefused(await get(mine.path, `${mine.cookie.slice(0, -1)}${mine.cookie.endsWith("A") ? "B" : "A"}`), 401)
  await expectRefused(await get(mine.path.replace(/state=[^&]*/, "state=x"), mine.cookie), 401)
  await expectRefused(await get(CALLBACK, mine.cookie), 401)
  // None of these reached the provider, so none used up the code.
  expect(company.exchanges).toBe(before)
  expect((await get(mine.path, mine.cookie)).status).toBe(303)
  await expectRefused(await get(mine.path, mine.cookie), 401)
  // The code of one attempt does not fit another: the proof key differs.
  const [first, second] = [await cameBack(), await cameBack()]
  const code = /code=[^&]*/.exec(first.path)![0]
  await expectRefused(await get(second.path.replace(/code=[^&]*/, code), second.cookie), 401)
})

test.each([
  ["of another attempt", { nonce: "another" }],
  ["without a nonce", { nonce: undefined }],
  ["for another system", { aud: "another" }],
  ["of another provider", { iss: "https://evil.example" }],
  ["that has expired", { exp: 1_700_000_000 }],
])("an ID token %s is refused", async (_, wrong) => {
  company.wrong = wrong
  const { path, cookie } = await cameBack()
  await expectRefused(await get(path, cookie), 401)
})

test("an ID token with a key that the provider does not publish is refused", async () => {
  company.signsWithOtherKey = true
  const { path, cookie } = await cameBack()
  await expectRefused(await get(path, cookie), 401)
})

test("an expired code, and a person who said no at the provider, are refused", async () => {
  const { path, cookie } = await cameBack()
  company.expireCodes()
  await expectRefused(await get(path, cookie), 401)
  const other = await cameBack()
  const state = /state=[^&]*/.exec(other.path)![0]
  await expectRefused(await get(`${CALLBACK}?error=access_denied&${state}`, other.cookie), 401)
})

test("a provider that is down is said in one sentence, and the way in is open when it is back", async () => {
  const { path, cookie } = await cameBack()
  company.isDown = true
  const { detail } = await expectRefused(await get(path, cookie), 503)
  expect(detail).toContain("cannot be reached now")
  company.isDown = false
  expect(await signedIn()).toStartWith("__Host-control=")
})

test("a provider whose metadata is another's is not asked to sign anybody in", async () => {
  await using shop = await Company.start()
  shop.claimedIssuer = company.issuer
  const settings = { ...SETTINGS, issuer: shop.issuer }
  expect(await new CompanyAccounts(settings, signed, new FakeTime()).start()).toBeUndefined()
  shop.claimedIssuer = undefined
  expect(await new CompanyAccounts(settings, signed, new FakeTime()).start()).toBeDefined()
})

test("nothing of a request leads the browser elsewhere", async () => {
  const away = "redirect_uri=https://evil.example&returnTo=//evil.example&next=https://evil.example"
  const { path, cookie } = await cameBack(`${START}?${away}`)
  const response = await get(`${path}&${away}`, cookie)
  expect([response.status, response.headers.get("location")]).toEqual([303, "/control"])
})

test("only the operators' port has it, and its sign-in page learns of it", async () => {
  expect(await (await get(`${START.replace("oidc", "ways")}`)).json()).toEqual({ company: true })
  for (const path of [START, CALLBACK, "/api/v1/admin/session/ways"]) {
    expect((await system.request(path)).status).toBe(404)
  }
})

test("no refusal is in the logbook: each is counted, as a wrong token is", async () => {
  const { path } = await cameBack()
  await get(path)
  company.person = { groups: ["shop-owners"] }
  const { actions, failedSignIns } = (await (await get("/api/v1/admin/actions", await signedIn())).json()) as ActionList
  expect(actions.filter(({ status }) => status !== 303 && status !== 200)).toEqual([])
  expect(failedSignIns.length).toBeGreaterThan(0)
})

test("given other settings or no provider, an attempt is over after ten minutes and a down provider is not asked at every try", async () => {
  await using shop = await Company.start()
  const time = new FakeTime()
  const accounts = new CompanyAccounts({ ...SETTINGS, issuer: shop.issuer }, signed, time)
  shop.isDown = true
  expect(await accounts.start()).toBeUndefined()
  shop.isDown = false
  expect(await accounts.start()).toBeUndefined()
  await time.advance(1000)
  const { url, cookie } = (await accounts.start())!
  const state = new URL(url).searchParams.get("state")
  const request = new Request(`http://a${CALLBACK}?code=x&state=${state}`, { headers: { Cookie: `oidc=${cookie}` } })
  await time.advance(599_000)
  expect(await accounts.finish(request)).toMatchObject({ kind: "refused", reason: expect.stringContaining("grant") })
  await time.advance(2000)
  expect(await accounts.finish(request)).toMatchObject({ reason: "no attempt of this browser is under way" })
  const others = { ...SETTINGS, issuer: shop.issuer, roles: new Map([["staff", "owner"]] as const) }
  expect(new CompanyAccounts(others, signed, time).digest).not.toBe(accounts.digest)
})
