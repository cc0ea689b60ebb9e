import { readFileSync } from "node:fs"

/** Preloaded into a process: its wall clock is off by the milliseconds that the file `CLOCK_FILE` holds, which a test changes. */
const file = process.env.CLOCK_FILE ?? ""
const trueNow = Date.now
Date.now = () => trueNow() + Number(readFileSync(file, "utf8"))
