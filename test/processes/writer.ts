import { openLog } from "../../src/observability/log.ts"
import { watchOutput } from "../../src/processes/output.ts"

/** Logs for a while, and tells on its error output what it noticed. */
const LINES = 20
let isGone = false

watchOutput(() => {
  if (!isGone) console.error("gone")
  isGone = true
})
const log = openLog("info")
for (let line = 0; line < LINES; line++) {
  log.info({ line }, "a line")
  await Bun.sleep(5)
}
console.error("logged")
