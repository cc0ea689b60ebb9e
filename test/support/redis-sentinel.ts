import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { eventually } from "./eventually.ts"
import { REDIS } from "./programs.ts"
import { command, RedisServer } from "./redis.ts"
import { Server } from "./server.ts"
import { freePort } from "./system.ts"

const SENTINELS = 3
const MASTER = "main"

/** One master that three Sentinels watch, as one site of a store. */
export class RedisSentinel {
  private constructor(
    readonly master: RedisServer,
    private readonly sentinels: { server: Server; port: number }[],
  ) {}

  static async start(): Promise<RedisSentinel> {
    const master = await RedisServer.start()
    const sentinels = await Promise.all(Array.from({ length: SENTINELS }, (_, at) => startSentinel(master, at)))
    const site = new RedisSentinel(master, sentinels)
    for (const { port } of sentinels) {
      await eventually("a Sentinel knows the master", () =>
        command(port, {}, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER).then(
          address => Array.isArray(address),
          () => false,
        ),
      )
    }
    return site
  }

  get url(): string {
    return `redis+sentinel://${this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",")}/${MASTER}`
  }

  wipe(): Promise<void> {
    return this.master.wipe()
  }

  restart(): Promise<void> {
    return this.master.restart()
  }

  async stop(): Promise<void> {
    await Promise.all(this.sentinels.map(({ server }) => server.kill()))
    await this.master.stop()
  }
}

async function startSentinel(master: RedisServer, at: number): Promise<{ server: Server; port: number }> {
  const port = await freePort()
  const file = join(master.folder, `sentinel-${at}.conf`)
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${master.folder}`,
    `sentinel monitor ${MASTER} 127.0.0.1 ${master.port} 2`,
  ]
  writeFileSync(file, `${lines.join("\n")}\n`)
  const server = new Server("sentinel", [REDIS.path, file, "--sentinel"], join(master.folder, `sentinel-${at}.log`))
  server.start()
  return { server, port }
}
