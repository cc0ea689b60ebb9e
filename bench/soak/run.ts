import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { ContenderName, Running, Setting } from "../contender.ts"
import { folderBytes } from "../files.ts"
import { driveArrivals } from "../load/arrivals.ts"
import { type Customers, mint } from "../load/customers.ts"
import { memory } from "../measure/proc.ts"
import { settled } from "../measure/run.ts"
import { explain } from "../output.ts"
import { say } from "../progress.ts"
import { three, whole } from "../report/numbers.ts"
import { role } from "../report/summary.ts"
import { STARTS } from "../starts.ts"
import type { Minute, Soak } from "./figures.ts"

export interface SoakOptions {
  /** Of each contender. */
  minutes: number
  only: ContenderName[]
}

const SOAKED: readonly ContenderName[] = ["embedded", "stack"]
const CONNECTIONS = 256
/** Of the capacity: busy, and far from overload. */
const SHARE = 0.5
const CAPACITY_SECONDS = 5
const CAPACITY_CUSTOMERS = 300_000
const MINUTE_SECONDS = 60
/** Each minute is a launch of its own: so much of it sells, the rest is refused. */
const SELLING = 0.5

/** A launch every minute at a constant rate of arrivals: what grows, and what becomes slower, with time alone. */
export async function soak(work: string, secret: string, { minutes, only }: SoakOptions): Promise<Soak[]> {
  const found: Soak[] = []
  for (const contender of SOAKED.filter(name => only.includes(name))) {
    const folder = join(work, `soak-${contender}`)
    mkdirSync(folder)
    const customers = await mint(folder, "first", secret, CAPACITY_CUSTOMERS, 1)
    found.push(await soakOne(contender, { folder, secret, customers }, minutes))
    rmSync(folder, { recursive: true })
  }
  return found
}

async function soakOne(contender: ContenderName, setting: Setting, minutes: number): Promise<Soak> {
  const running = await STARTS[contender](setting)
  const { folder, secret } = setting
  try {
    const capacity = await capacityOf(running, setting.customers)
    const perSecond = Math.floor(capacity * SHARE)
    const customers = await mint(folder, "every-minute", secret, perSecond * MINUTE_SECONDS, 1)
    const soak: Soak = { contender, capacity, perSecond, minutes: [] }
    for (let minute = 1; minute <= minutes; minute++) {
      const found = await explain(oneMinute(running, customers, soak), running.said)
      soak.minutes.push(found)
      say(tell(contender, found, minutes))
    }
    return soak
  } finally {
    await running.stop()
  }
}

async function capacityOf(running: Running, customers: Customers): Promise<number> {
  const load = { connections: CONNECTIONS, seconds: CAPACITY_SECONDS, warmUpSeconds: CAPACITY_SECONDS }
  const { answers, seconds } = await explain(
    driveArrivals(await running.open("accepted"), customers, load),
    running.said,
  )
  return answers / seconds
}

async function oneMinute(running: Running, customers: Customers, { perSecond, minutes }: Soak): Promise<Minute> {
  const units = Math.floor(perSecond * MINUTE_SECONDS * SELLING)
  const target = await running.open("accepted", units)
  const load = { connections: CONNECTIONS, seconds: MINUTE_SECONDS, warmUpSeconds: 0, perSecond }
  const found = await driveArrivals(target, customers, load)
  const accepted = found.answers - found.above399
  const sold = (await settled(target)) ?? accepted
  if (sold < accepted) throw new Error(`${accepted} purchases were accepted, but ${sold} units were sold`)
  const residentMb: Record<string, number> = {}
  for (const { pid, name } of await running.processes()) {
    residentMb[role(name)] = (residentMb[role(name)] ?? 0) + Math.round(memory(pid).residentMb)
  }
  return {
    minute: minutes.length + 1,
    answers: found.answers,
    accepted,
    broken: found.broken,
    perSecond: found.answers / found.seconds,
    p50Ms: found.latencyMs.p50,
    p99Ms: found.latencyMs.p99,
    orders: (minutes.at(-1)?.orders ?? 0) + sold,
    residentMb,
    filesMb: Object.fromEntries(
      (running.folders?.() ?? []).map(({ name, path }) => [name, Math.round(folderBytes(path) / 1e5) / 10]),
    ),
  }
}

function tell(
  contender: string,
  { minute, perSecond, p99Ms, residentMb, filesMb, orders }: Minute,
  of: number,
): string {
  const figures = `${whole(perSecond)}/s  p99 ${three(p99Ms)} ms  ${whole(orders)} orders`
  return `soak ${minute}/${of}  ${contender}  ${figures}  memory ${JSON.stringify(residentMb)} MB  files ${JSON.stringify(filesMb)} MB`
}
