import { mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { start, stop } from "./children.ts"
import { environment, ROOT } from "./embedded/start.ts"
import { freePorts, until } from "./net.ts"
import { say } from "./progress.ts"
import { three } from "./report/numbers.ts"
import type { StartTimes } from "./results.ts"

const DEMO = "iphone-17-pro-max"

/** Measures from the command, with everything installed and an empty folder, to the first accepted purchase. */
export async function measureStart(work: string, times: number): Promise<StartTimes> {
  const command = startCommand()
  const seconds: number[] = []
  for (let i = 1; i <= times; i++) {
    const folder = join(work, `start-${i}`)
    mkdirSync(folder)
    seconds.push(await once(command, folder))
    rmSync(folder, { recursive: true })
    say(`start ${i}/${times}  ${command.join(" ")} to the first purchase: ${three(seconds.at(-1)!)} s`)
  }
  return { command: command.join(" "), seconds }
}

function startCommand(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"))
  return scripts.start ? ["npm", "start"] : ["node", "bin/doorbuster.mjs", "up"]
}

async function once(command: string[], folder: string): Promise<number> {
  const [port] = (await freePorts(1)) as [number]
  const settings = { PORT: port, HOST: "127.0.0.1", DATA_DIR: folder, DEMO: "1", REPLICAS: 3, INVENTORY_URL: "sqlite:" }
  const from = performance.now()
  const [program = "", ...args] = command
  const up = start(program, args, { cwd: ROOT, env: { ...process.env, ...environment(settings) } })
  try {
    await until(
      command.join(" "),
      () => buy(`http://127.0.0.1:${port}/api/v1`),
      () => up.exitCode !== null,
    )
    return (performance.now() - from) / 1000
  } finally {
    await stop(up)
  }
}

async function buy(api: string): Promise<boolean> {
  const session = await fetch(`${api}/sessions`, { method: "POST" })
  if (session.status !== 201) return false
  const { token } = (await session.json()) as { token: string }
  const order = await fetch(`${api}/sales/${DEMO}/orders`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": "first", "Content-Type": "application/json" },
    body: JSON.stringify({ sku: DEMO }),
  })
  return order.status === 201
}
