import { afterAll, expect } from "bun:test"
import { browserTest, inBrowser, visiting } from "../../support/browser/visit.ts"
import { Company } from "../../support/http/company.ts"
import { freePort, System } from "../../support/system.ts"

let company: Company | undefined

/** The provider is another site for a browser, as in a company: only then do cookies behave as there. */
const visit = visiting(async () => {
  company = await Company.start("localhost")
  company.person = { preferred_username: "ann", groups: ["shop-ops"] }
  const port = await freePort()
  return System.start({
    port,
    env: {
      REPLICAS: "1",
      OIDC_ISSUER: company.issuer,
      OIDC_CLIENT_ID: Company.CLIENT,
      OIDC_CLIENT_SECRET: Company.SECRET,
      OIDC_REDIRECT_URL: `http://127.0.0.1:${port}/api/v1/admin/session/oidc/callback`,
      OIDC_ROLES: "shop-ops=operator",
    },
  })
}, inBrowser)
afterAll(() => company?.[Symbol.asyncDispose]())

browserTest(
  "an operator signs in with the company account, stays in when the page is loaded again, and signs out",
  async () => {
    const page = await visit.open("/control")
    await page.getByRole("link", { name: "Sign in with your company account" }).click()
    const signOut = page.getByRole("button", { name: "Sign out" })
    await signOut.waitFor()
    await page.reload()
    await signOut.click()
    await page.getByLabel("Administrator token").waitFor()
  },
)

browserTest("a person without a role is told so on the sign-in page, in both languages, once", async () => {
  if (company) company.person = { preferred_username: "eve", groups: [] }
  const page = await visit.open("/control")
  await page.getByRole("link", { name: "Sign in with your company account" }).click()
  await page.getByRole("alert").getByText("Your company account has no role here.").waitFor()
  expect(page.url()).toBe(`${visit.system.url}/control`)
  const other = await visit.open("/control?refused=no_role", { locale: "id-ID" })
  await other.getByRole("alert").getByText("Akun perusahaan Anda tidak punya peran di sini.").waitFor()
  await other.reload()
  await other.getByLabel("Token administrator").waitFor()
  expect(await other.getByText("Akun perusahaan Anda tidak punya peran di sini.").count()).toBe(0)
})

browserTest("the link is there in Indonesian", async () => {
  const page = await visit.open("/control", { locale: "id-ID" })
  await page.getByRole("link", { name: "Masuk dengan akun perusahaan" }).waitFor()
})
