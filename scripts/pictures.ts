import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { type BrowserContextOptions, chromium, type Page } from "playwright-core"
import { ADMIN_TOKEN, System } from "../test/support/system.ts"
import { showHelp } from "./show-help.ts"

const HELP = `Usage: npm run pictures

Takes the README's pictures from running systems, into docs/pictures: the launch page, and an attack in the control room.
It needs Chromium and takes about a minute.

Example:
  npm run pictures`

const FOLDER = join(import.meta.dir, "../docs/pictures")
const FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking"]
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5 }
const DESK: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }
/** Four of these stand side by side. */
const STRIP: BrowserContextOptions = { ...DESK, deviceScaleFactor: 0.75 }

const UNITS = 1500
const BUYERS_A_SECOND = 150
const SECONDS = 16
/** What the strip shows, and when, in seconds after the first buyer. */
const MOMENTS = { before: 0, selling: 5, killed: 7.3, after: 15 }
const KILLED_AT = 7

showHelp(HELP)
mkdirSync(FOLDER, { recursive: true })
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS })
try {
  await takePage()
  await takeAttack()
  console.log(`pictures in ${FOLDER}`)
} finally {
  await browser.close()
}

async function open(url: string, options: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage({ locale: "en-GB", colorScheme: "dark", reducedMotion: "reduce", ...options })
  await page.goto(url)
  return page
}

function save(page: Page, name: string): Promise<Buffer> {
  return page.screenshot({ path: join(FOLDER, `${name}.png`), animations: "disabled" })
}

async function takePage(): Promise<void> {
  await using system = await System.start()
  const [phone, desk] = await Promise.all([open(system.url, PHONE), open(system.url, DESK)])
  for (const page of [phone, desk]) await page.getByTestId("buy").waitFor()
  await save(phone, "launch-phone")
  await phone.getByTestId("buy").click()
  await phone.getByTestId("order-id").waitFor()
  await save(phone, "launch-yours")
  await attack(system, ["--buyers", "40"])
  await desk.getByTestId("free").getByText("59", { exact: true }).waitFor()
  await save(desk, "launch-desk")
  const last = await browser.newPage(PHONE)
  await attack(system, ["--buyers", "500"])
  await last.goto(system.url)
  await last
    .getByText(/sold out/i)
    .first()
    .waitFor()
  await save(last, "launch-sold-out")
}

async function takeAttack(): Promise<void> {
  await using system = await System.start({ env: { DEMO: "0" } })
  await system.createSale("launch-night", { name: "Launch night", total: UNITS })
  const entry = `${system.url}/control#token=${ADMIN_TOKEN}`
  const [room, whole] = await Promise.all([open(entry, STRIP), open(entry, DESK)])
  for (const page of [room, whole]) await page.getByTestId("node-3").waitFor()
  const began = performance.now()
  const at = (seconds: number) => Bun.sleep(Math.max(0, began + seconds * 1000 - performance.now()))
  const bots = ["--rate", String(BUYERS_A_SECOND), "--buyers", String(BUYERS_A_SECOND * SECONDS)]
  const attacked = attack(system, ["--sale", "launch-night", "--duration", String(SECONDS), ...bots])
  // The node that is asked may be the one that dies.
  const strike = at(KILLED_AT).then(() => system.admin("POST", "/nodes/node-2/kill").catch(() => {}))
  for (const [name, seconds] of Object.entries(MOMENTS)) {
    await at(seconds)
    if (name === "killed") await room.getByTestId("log").getByText("killed by SIGKILL").waitFor()
    await save(room, `attack-${name}`)
  }
  await Promise.all([attacked, strike])
  await whole.getByRole("button", { name: "Run audit" }).click()
  await whole.getByTestId("audit-result").waitFor()
  await save(whole, "control-room")
}

async function attack(system: System, flags: string[]): Promise<void> {
  const command = ["node", "bin/doorbuster.mjs", "attack", "--url", system.url, ...flags]
  const child = Bun.spawn(command, { stdio: ["ignore", "ignore", "inherit"] })
  if ((await child.exited) !== 0) throw new Error("the attack failed")
}
