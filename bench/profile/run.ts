import { copyFileSync, mkdirSync, readdirSync } from "node:fs"
import { join } from "node:path"
import type { ContenderName, Setting } from "../contender.ts"
import { mint } from "../load/customers.ts"
import { drive } from "../load/wrk.ts"
import { explain } from "../output.ts"
import { say } from "../progress.ts"
import { STARTS } from "../starts.ts"

/** Only they run in Bun and are ours. */
const PROFILED = ["embedded", "stack"] as const
const SECONDS = 5
const WARM_UP_SECONDS = 3
const CONNECTIONS = 256
const CUSTOMERS_PER_SECOND = 60_000

/**
 * Where the processor time of accepted purchases goes: a run of its own, because profiling slows down what it watches. Writes one
 * `.cpuprofile` a process into `into`, for Chrome's DevTools or VS Code; the number in a file's name is the process's.
 */
export async function profile(work: string, secret: string, only: ContenderName[], into: string): Promise<void> {
  const customers = await mint(work, "profiled", secret, (WARM_UP_SECONDS + SECONDS) * CUSTOMERS_PER_SECOND, 1)
  for (const contender of PROFILED.filter(name => only.includes(name))) {
    const folder = join(work, `profile-${contender}`)
    const profiles = join(folder, "profiles")
    mkdirSync(profiles, { recursive: true })
    const env = { BUN_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` }
    const names = await watch(contender, { folder, secret, customers, env })
    mkdirSync(into, { recursive: true })
    for (const file of readdirSync(profiles)) {
      const name = names.find(({ pid }) => file.split(".").includes(`${pid}`))?.name ?? file
      copyFileSync(join(profiles, file), join(into, `${contender}-${name.replaceAll(" ", "-")}.cpuprofile`))
    }
    say(`profile    ${contender}: ${readdirSync(profiles).length} processes`)
  }
}

/** Profiles are written when the processes end. */
async function watch(contender: (typeof PROFILED)[number], setting: Setting) {
  const running = await STARTS[contender](setting)
  try {
    for (const seconds of [WARM_UP_SECONDS, SECONDS]) {
      const load = { connections: CONNECTIONS, seconds }
      await explain(drive(await running.open("accepted"), setting.customers, load), running.said)
    }
    return await running.processes()
  } finally {
    await running.stop()
  }
}
