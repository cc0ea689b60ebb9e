import { appendFileSync, readFileSync } from "node:fs"
import { reportToWatchdog } from "../../src/processes/watchdog.ts"

/** The watchdog's child in the tests. When it starts, it reads from the file `BEHAVIOUR` how to behave. */
const behaviour = readFileSync(process.env.BEHAVIOUR!, "utf8")
if (behaviour === "ends at once") process.exit(7)
process.on("SIGTERM", () => behaviour !== "stubborn" && process.exit(3))
process.on("SIGINT", () => process.exit(4))
reportToWatchdog()
setInterval(() => {}, 1000)
appendFileSync(process.env.STARTS!, `${process.pid}\n`)
if (behaviour === "hangs") setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 500)
