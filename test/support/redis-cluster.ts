import { createServer } from "node:net"
import { eventually } from "./eventually.ts"
import { RedisServer } from "./redis.ts"

const MASTERS = 3
const SLOTS = 16_384

/** A Redis Cluster of masters without replicas, three unless told otherwise, as one site of a store. */
export class RedisCluster {
  private constructor(readonly servers: RedisServer[]) {}

  static async start(masters = MASTERS): Promise<RedisCluster> {
    const start = async () => {
      const busPort = String(await freeBusPort())
      return RedisServer.start({ settings: { "cluster-enabled": "yes", "cluster-port": busPort } })
    }
    const cluster = new RedisCluster(await Promise.all(Array.from({ length: masters }, start)))
    const [first, ...others] = cluster.servers as [RedisServer, ...RedisServer[]]
    for (const [at, server] of cluster.servers.entries()) {
      const [from, upto] = [at, at + 1].map(share => Math.floor((share * SLOTS) / masters)) as [number, number]
      await server.command("CLUSTER", "ADDSLOTSRANGE", String(from), String(upto - 1))
    }
    for (const server of others) {
      const [, busPort] = (await server.command("CONFIG", "GET", "cluster-port")) as string[]
      await first.command("CLUSTER", "MEET", "127.0.0.1", String(server.port), busPort!)
    }
    await cluster.#agreed()
    return cluster
  }

  get url(): string {
    return `redis+cluster://${this.servers.map(({ port }) => `127.0.0.1:${port}`).join(",")}`
  }

  async wipe(): Promise<void> {
    await Promise.all(this.servers.map(server => server.wipe()))
  }

  async restart(): Promise<void> {
    await Promise.all(this.servers.map(server => server.restart()))
    await this.#agreed()
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map(server => server.stop()))
  }

  /** Waits until every node reports that every slot is served. */
  async #agreed(): Promise<void> {
    await eventually("the cluster serves every slot", async () => {
      const infos = await Promise.all(this.servers.map(server => server.command("CLUSTER", "INFO")))
      return infos.every(
        info =>
          String(info).includes("cluster_state:ok") &&
          String(info).includes(`cluster_known_nodes:${this.servers.length}`),
      )
    })
  }
}

async function freeBusPort(): Promise<number> {
  const server = createServer()
  const port = await new Promise<number>(resolve => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port))
  })
  await new Promise(closed => server.close(closed))
  return port
}
