import { describe, expect } from "bun:test"
import { conservation, logged, roomOf } from "../../support/browser/room.ts"
import { browserTest, buyButton, textOf, visiting } from "../../support/browser/visit.ts"
import { ADMIN_TOKEN } from "../../support/system.ts"
import { tokenOf } from "../../support/token.ts"

const visit = visiting()
const room = roomOf(visit)

describe("signing in to the control room", () => {
  browserTest("a token in the address is removed from it, and no script can read it afterwards", async () => {
    const page = await visit.open(`/control#token=${ADMIN_TOKEN}`)
    await page.getByTestId("node-1").waitFor()
    expect(page.url()).toBe(`${visit.system.url}/control`)
    await page.reload()
    await page.getByTestId("node-1").waitFor()
    const readable = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML]),
    )
    expect(readable).not.toContain(ADMIN_TOKEN)
    expect(readable).not.toContain("control=")
    const [cookie] = await page.context().cookies(`${visit.system.url}/api/v1/admin/nodes`)
    expect(cookie).toMatchObject({ name: "control", httpOnly: true, sameSite: "Strict", path: "/api/v1/admin" })
  })

  browserTest("a wrong token is refused, and signing out ends the session", async () => {
    const page = await visit.open("/control")
    await page.getByLabel("Administrator token").fill("not the token at all")
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByText("That token was not accepted.").waitFor()
    await page.getByLabel("Administrator token").fill(ADMIN_TOKEN)
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByTestId("node-1").waitFor()
    await page.getByRole("button", { name: "Sign out" }).click()
    await page.getByLabel("Administrator token").waitFor()
    await page.reload()
    await page.getByLabel("Administrator token").waitFor()
  })

  browserTest("after too many wrong tokens the page says when to try again", async () => {
    const page = await visit.open("/control")
    const headers = { "retry-after": "27", "content-type": "application/problem+json" }
    await page.route("**/session", route => route.fulfill({ status: 429, headers, body: '{"code":"rate_limited"}' }))
    await page.getByLabel("Administrator token").fill("one guess too many")
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByText(/Too many wrong tokens from this address\. Try again in 2\d s\./).waitFor()
  })
})

describe("operators", () => {
  browserTest(
    "an owner makes an operator, who signs in with the token that was shown once, and is revoked",
    async () => {
      const owner = await visit.open(`/control#token=${ADMIN_TOKEN}`)
      await owner.getByRole("button", { name: "Operators…" }).click()
      const list = owner.getByTestId("operators")
      await owner.getByLabel("Name", { exact: true }).fill("ann lee")
      await owner.getByRole("button", { name: "Add", exact: true }).click()
      await owner
        .getByRole("alert")
        .getByText(/malformed|must be 1 to 64/)
        .waitFor()
      await owner.getByLabel("Name", { exact: true }).fill("ann")
      await owner.getByRole("button", { name: "Add", exact: true }).click()
      await list.getByText("ann: viewer, looks").waitFor()
      const token = await textOf(owner.getByTestId("made-token"))

      const viewer = await visit.open("/control")
      await viewer.context().clearCookies()
      await viewer.goto(`${visit.system.url}/control#token=${token}`)
      await viewer.reload()
      await viewer.getByTestId("node-1").waitFor()
      expect(await viewer.getByRole("button", { name: "Operators…" }).count()).toBe(0)
      await visit.system.admin("DELETE", "/credentials/ann")
      await viewer.getByLabel("Administrator token").waitFor()
    },
  )
})

/** Everything that changes something, by its name in either language. Each of them answers a viewer with 403. */
const CHANGES =
  /New sale|Rehearse|Restock|Pause|Edit|Close…|Cancel|held… |Drain|Kill|Penjualan baru|Simulasi|Tambah|Jeda|Ubah|Tutup|Batalkan|Kosongkan|Matikan/

describe("a viewer", () => {
  browserTest("gets no button that would be refused, and is told why, in both languages", async () => {
    await visit.system.createSale("looked-at", { checkout: "hold", holdSeconds: 3600 })
    await visit.system.buy("looked-at", tokenOf("ann"), "k1")
    const { token } = await visit.system.admin<{ token: string }>("POST", "/credentials", {
      name: "vera",
      role: "viewer",
    })
    const buttons = async (locale: string, as: string) => {
      const page = await visit.open(`/control#token=${as}`, { locale })
      await page.getByTestId("sale").selectOption("looked-at")
      await page.getByTestId("item-looked-at").waitFor()
      await page.getByRole("cell", { name: "ann" }).waitFor()
      return { page, changes: await page.getByRole("button", { name: CHANGES }).count() }
    }
    const english = await buttons("en-GB", token)
    expect(english.changes).toBe(0)
    await english.page.getByText("vera: looks only: the role viewer changes nothing").waitFor()
    const indonesian = await buttons("id-ID", token)
    expect(indonesian.changes).toBe(0)
    await indonesian.page.getByText("hanya melihat: peran viewer tidak mengubah apa pun").waitFor()
    // The same words find the buttons of whoever may press them.
    for (const locale of ["en-GB", "id-ID"]) expect((await buttons(locale, ADMIN_TOKEN)).changes).toBeGreaterThan(8)
    // Nothing that is left is refused.
    const refused: number[] = []
    english.page.on("response", response => void (response.status() === 403 && refused.push(response.status())))
    await english.page.getByRole("button", { name: "Run audit" }).click()
    await english.page.getByTestId("audit-result").waitFor()
    expect(refused).toEqual([])
  })
})

describe("the control room", () => {
  browserTest("stock, orders and log follow the sale, and the audit passes", async () => {
    await visit.system.createSale("watched", { total: 2 })
    const page = await room("watched")
    await conservation(page).getByText("2 = 2 free + 0 held + 0 sold").waitFor()
    await visit.system.buy("watched", tokenOf("ann"), "k1")
    await conservation(page).getByText("2 = 1 free + 0 held + 1 sold").waitFor()
    await page.getByRole("cell", { name: "ann" }).waitFor()
    await visit.system.buy("watched", tokenOf("bob"), "k2")
    await logged(page, /watched sold out: 2 units, .* after opening/)
    await page.getByRole("img", { name: /Requests per second in the last ten minutes/ }).waitFor()
    await page.getByText("Ledger up to date").waitFor()
    await page.getByText("Gate open").waitFor()
    await page.getByText("0 violations").waitFor()
    await page.getByRole("button", { name: "Run audit" }).click()
    expect(await textOf(page.getByTestId("audit-result"))).toContain("Every promise is kept.")
    await page.getByRole("region", { name: "Audit" }).getByText("no oversell").waitFor()
  })

  browserTest("buyers see at once that a sale is paused, resumed, and paused again by an undo", async () => {
    await visit.system.createSale("steered")
    const page = await room("steered")
    const buyer = await visit.open("/sales/steered")
    await buyButton(buyer).waitFor()
    await page.getByRole("button", { name: "Pause" }).click()
    await buyer.getByText("A short pause.").waitFor()
    await logged(page, "The sale was paused")
    await page.getByRole("button", { name: "Resume" }).click()
    await buyButton(buyer).waitFor()
    await logged(page, "The sale was resumed")
    await page.getByTestId("done").getByText("steered is open again.").waitFor()
    await page.getByRole("button", { name: "Undo" }).click()
    await buyer.getByText("A short pause.").waitFor()
  })

  browserTest("an item is restocked, and a sale closes only after 'close' is typed", async () => {
    await visit.system.createSale("ended", { total: 1 })
    const page = await room("ended")
    await page.getByRole("button", { name: "Restock…" }).click()
    await page.getByLabel("Units to add").fill("4")
    await page.getByRole("button", { name: "Add", exact: true }).click()
    await conservation(page).getByText("5 = 5 free").waitFor()
    await page.getByRole("button", { name: "Close…" }).click()
    const yes = page.getByRole("button", { name: "Close the sale" })
    expect(await yes.isDisabled()).toBe(true)
    await page.getByLabel("Type close to close it").fill("close")
    await yes.click()
    await logged(page, "The sale was closed")
    const buyer = await visit.open("/sales/ended")
    await buyer.getByText("This sale has ended.").waitFor()
  })

  browserTest("a node is killed and comes back, and another is drained", async () => {
    const page = await visit.open(`/control#token=${ADMIN_TOKEN}`)
    await page.getByRole("button", { name: "Kill node-2" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Kill node-2" }).click()
    await logged(page, "node-2 went down: killed by SIGKILL")
    await logged(page, "node-2 is ready again (restart 1)")
    await page.getByTestId("node-2").getByText("ready").waitFor()
    await page.getByRole("button", { name: "Drain node-3" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Drain node-3" }).click()
    await logged(page, "node-3 is ready again (restart 1)")
    await page.getByRole("button", { name: "Administrators" }).click()
    const actions = page.getByTestId("actions")
    // There may be two entries: if the node that was asked is the one that died, the browser asks another.
    await actions.getByText("Killed a node: node-2").first().waitFor()
    await actions.getByText("Drained a node: node-3").waitFor()
    await actions
      .getByText(/Signed in.*127\.0\.0\.1 → node-/)
      .first()
      .waitFor()
  })
})
