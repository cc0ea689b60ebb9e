import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { start, stop } from "../children.ts"
import type { Case, Running, Setting, Target } from "../contender.ts"
import { type ProcessName, tree } from "../measure/proc.ts"
import { nginx, PYTHON } from "../needs.ts"
import { answers, freePorts, until } from "../net.ts"
import { writeNginxConfig } from "./nginx.ts"

const APP = fileURLToPath(new URL("app.py", import.meta.url))
const NODES = 3
/** More than any run can sell. */
const PLENTY = 1_000_000_000

const run = promisify(execFile)

export async function startBaseline({ folder }: Setting): Promise<Running> {
  const [port, redisPort, ...webPorts] = (await freePorts(2 + NODES)) as [number, number, ...number[]]
  const redis = start("redis-server", redisArguments(redisPort, folder))
  const webs = webPorts.map((webPort, i) =>
    start(PYTHON, [APP], { env: { PORT: `${webPort}`, REDIS_PORT: `${redisPort}`, NODE: `node-${i + 1}` } }),
  )
  const proxy = start(nginx(), ["-c", writeNginxConfig(folder, port, webPorts), "-p", folder])
  const redisSays = async (...command: string[]) =>
    (await run("redis-cli", ["-p", `${redisPort}`, ...command])).stdout.trim()

  await until("the baseline's Redis", async () => (await redisSays("PING")) === "PONG")
  for (const webPort of webPorts)
    await until("the baseline's Flask", () => answers(`http://127.0.0.1:${webPort}/metrics`))
  await until("the baseline's nginx", () => answers(`http://127.0.0.1:${port}/metrics`))

  return {
    processes: async () => [
      ...tree(proxy.pid!).map((pid, i) => ({ pid, name: i === 0 ? "nginx master" : "nginx worker" })),
      ...webs.map((web, i): ProcessName => ({ pid: web.pid!, name: `flask ${i + 1}` })),
      { pid: redis.pid!, name: "redis" },
    ],
    open: async (kind: Case): Promise<Target> => {
      const stock = kind === "accepted" ? PLENTY : 0
      await redisSays("SET", "stock", `${stock}`)
      return {
        url: `http://127.0.0.1:${port}/buy`,
        body: "{}",
        sold: async () => stock - Number(await redisSays("GET", "stock")),
      }
    },
    stop: async () => {
      await Promise.all([proxy, ...webs, redis].map(stop))
    },
  }
}

function redisArguments(port: number, folder: string): string[] {
  const settings = {
    port: `${port}`,
    bind: "127.0.0.1",
    dir: folder,
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
  }
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
}
