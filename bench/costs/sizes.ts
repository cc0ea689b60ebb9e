import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Case, Running, Target } from "../contender.ts"
import { startEmbedded } from "../embedded/start.ts"
import { folderBytes } from "../files.ts"
import type { ArrivalsFound } from "../load/arrivals/main.ts"
import { driveArrivals } from "../load/arrivals.ts"
import { type Customers, mint } from "../load/customers.ts"
import { settled } from "../measure/run.ts"
import { until } from "../net.ts"
import { explain } from "../output.ts"
import { say } from "../progress.ts"
import { startStack } from "../stack/start.ts"
import { Wire } from "../store/wire.ts"
import type { Sizes } from "./figures.ts"
import { pageBytes, watchLive } from "./viewers.ts"

const SECONDS = 3
const CONNECTIONS = 256
const CUSTOMERS = 200_000
/** A steady rate, at which a viewer sees the stock change with every message. */
const WATCHED_PER_SECOND = 1_000

/** Counts bytes: of requests and answers, of orders on disk, of the page and of a viewer's live stream. */
export async function measureSizes(work: string, secret: string): Promise<Sizes> {
  const customers = await mint(work, "counted", secret, CUSTOMERS, 1)
  const sqlite = await sqliteBytes(work, secret, customers)
  const stack = await startStack({ secret })
  try {
    const found = await explain(countStack(stack, customers), stack.said)
    const sizes: Sizes = { bytes: found.bytes, order: { ...found.order, sqlite } }
    say(`sizes      ${JSON.stringify(sizes)}`)
    return sizes
  } finally {
    await stack.stop()
  }
}

async function sqliteBytes(work: string, secret: string, customers: Customers): Promise<number> {
  const folder = join(work, "sizes")
  mkdirSync(folder)
  const running = await startEmbedded({ folder, secret })
  let orders = 0
  try {
    orders = (await sell(running, customers)).sold
  } finally {
    await running.stop()
  }
  const bytes = folderBytes(join(folder, "data")) / orders
  rmSync(folder, { recursive: true })
  return Math.round(bytes)
}

async function countStack({ stack, open }: Awaited<ReturnType<typeof startStack>>, customers: Customers) {
  const redis = await Wire.connect(Number(new URL(stack.redisUrl).port))
  const aof = join(stack.folder, "redis")
  const ledger = async () => {
    const [row] = await stack.postgres.query("SELECT pg_database_size(current_database()) AS bytes")
    return Number((row as { bytes: string }).bytes)
  }
  const before = { aof: folderBytes(aof), ledger: await ledger(), wire: await traffic(redis) }
  const accepted = await sell({ open }, customers)
  const wire = (await traffic(redis)) - before.wire
  await until("the ledger has every order", async () => (await accepted.target.lagSeconds!()) === 0)
  const order = {
    appendOnlyFile: Math.round((folderBytes(aof) - before.aof) / accepted.sold),
    postgres: Math.round(((await ledger()) - before.ledger) / accepted.sold),
  }
  redis.close()
  const refused = await driveArrivals(await open("refused"), customers, closed)
  const watched = await open("accepted")
  const load = driveArrivals(watched, customers, { ...closed, perSecond: WATCHED_PER_SECOND })
  const [streamPerSecond] = await Promise.all([watchLive(watched.url), load])
  const bytes = {
    request: perAnswer(accepted.found, "bytesOut"),
    acceptedAnswer: perAnswer(accepted.found, "bytesIn"),
    refusedAnswer: perAnswer(refused, "bytesIn"),
    page: await pageBytes(stack.publicUrl, new URL(watched.url).pathname),
    streamPerSecond,
    storeTraffic: Math.round(wire / accepted.sold),
  }
  return { bytes, order }
}

const closed = { connections: CONNECTIONS, seconds: SECONDS, warmUpSeconds: 0 }

async function sell(
  running: Pick<Running, "open">,
  customers: Customers,
): Promise<{ target: Target; found: ArrivalsFound; sold: number }> {
  const kind: Case = "accepted"
  const target = await running.open(kind)
  const found = await driveArrivals(target, customers, closed)
  return { target, found, sold: (await settled(target))! }
}

function perAnswer(found: ArrivalsFound, direction: "bytesIn" | "bytesOut"): number {
  return Math.round(found[direction] / found.answers)
}

/** Bytes that Redis has read and written so far. */
async function traffic(redis: Wire): Promise<number> {
  const info = await redis.command("INFO", "stats")
  const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1])
  return read("total_net_input_bytes") + read("total_net_output_bytes")
}
