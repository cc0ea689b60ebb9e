import { mkdirSync } from "node:fs"
import { chromium } from "playwright-core"
import { ADMIN_TOKEN, System } from "../test/support/system.ts"

/** Takes the README's pictures from a running system: the page on a phone, and the control room during an attack. */
const FOLDER = new URL("../docs/pictures/", import.meta.url).pathname
const FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking"]

mkdirSync(FOLDER, { recursive: true })
await using system = await System.start()
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS })
try {
  const phone = await browser.newPage({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 1.5,
    reducedMotion: "reduce",
  })
  await phone.goto(system.url)
  await phone.getByRole("button", { name: /buy/i }).waitFor()
  await phone.screenshot({ path: `${FOLDER}launch-phone.png` })

  const desk = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" })
  await desk.goto(`${system.url}/control#token=${ADMIN_TOKEN}`)
  await desk.getByText("node-1").first().waitFor()
  await attack(["--buyers", "20000", "--rate", "1500", "--duration", "12"])
  await desk.screenshot({ path: `${FOLDER}control-room.png` })

  await phone
    .getByText(/sold out/i)
    .first()
    .waitFor()
  await phone.screenshot({ path: `${FOLDER}launch-sold-out.png` })
  console.log(`pictures in ${FOLDER}`)
} finally {
  await browser.close()
}

async function attack(flags: string[]): Promise<void> {
  const command = ["node", "bin/doorbuster.mjs", "attack", "--url", system.url, ...flags]
  const child = Bun.spawn(command, { stdio: ["ignore", "ignore", "inherit"] })
  if ((await child.exited) !== 0) throw new Error("the attack failed")
}
