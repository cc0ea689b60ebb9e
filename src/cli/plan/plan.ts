import type { Costs } from "./costs.ts"

export interface Launch {
  /** Attempts a second at the peak. */
  rate: number
  /** Units for sale, one an order. */
  stock: number
  /** Customers who try to buy. */
  buyers: number
  /** Live streams that are open at once. */
  viewers: number
  /** Sales among which the attempts are spread. */
  sales: number
}

/** What a phase of the launch keeps busy, in cores at full load. */
export interface Busy {
  nginx: number
  replicas: number
  redis: number
  worker: number
  postgres: number
}

export interface Ceiling {
  name: "one core of Valkey for each sale" | "the worker's one core" | "10 Gbit/s of one nginx machine"
  /** What it limits, a second. */
  perSecond: number
  of: "accepted purchases" | "orders in the ledger" | "attempts"
  /** False if this launch stays below it. */
  isReached: boolean
  change: string
}

export interface StackPlan {
  /** Purchases accepted a second while there is stock, and how long that lasts. */
  acceptedPerSecond: number
  sellingSeconds: number
  /** Seconds after the last sale until the ledger has every order. */
  ledgerSeconds: number
  selling: Busy
  soldOut: Busy
  /** Of all machines together, each planned half busy. */
  cores: number
  replicas: number
  shards: number
  /** The first is the one that this launch, or a larger one, meets first. */
  ceilings: Ceiling[]
  gigabytes: { valkey: number; appendOnlyFile: number; postgres: number; replicas: number }
}

export interface LaunchPlan {
  launch: Launch
  orders: number
  stack: StackPlan
  /** The same launch on one machine with one SQLite file. */
  embedded: {
    acceptedPerSecond: number
    cores: number
    replicas: number
    gigabytes: { sqlite: number; memory: number }
  }
  network: { inGbits: number; outGbits: number; streamsGbits: number; pagesGigabytes: number; storeGbits: number }
  /** The same launch when a queue in front lets in only what the store can accept. */
  queued: { rate: number; cores: number; replicas: number; streamsGbits: number }
}

/** A core is planned half busy: there the latency was measured, and the other half is for what nobody planned. */
export const BUSY = 0.5
const SECOND_US = 1_000_000
/** While Valkey rewrites its file, a page that changes exists twice. */
const REWRITE = 2
const GIGABYTE = 1e9
const MACHINE_GBITS = 10
/** The default of the setting: selling waits when more facts of one sale than this wait for the ledger. */
const JOURNAL_FACTS_MAX = 200_000

const gbits = (bytesPerSecond: number) => (bytesPerSecond * 8) / 1e9
/** How often a second one core can do what takes it so many microseconds. */
const timesPerSecond = (microseconds: number) => SECOND_US / microseconds

/** What a launch needs, computed from measured costs. Everything is proportional: nothing here was tried at this size. */
export function planFor(launch: Launch, costs: Costs): LaunchPlan {
  const orders = Math.min(launch.stock, launch.buyers)
  const stack = stackPlan(launch, orders, costs)
  const queuedLaunch = { ...launch, rate: Math.min(launch.rate, Math.max(1, stack.acceptedPerSecond)), viewers: 0 }
  const queued = stackPlan(queuedLaunch, orders, costs)
  return {
    launch,
    orders,
    stack,
    embedded: embeddedPlan(launch, orders, costs),
    network: networkOf(launch, stack.acceptedPerSecond, costs),
    queued: { rate: queuedLaunch.rate, cores: queued.cores, replicas: queued.replicas, streamsGbits: 0 },
  }
}

function stackPlan(launch: Launch, orders: number, costs: Costs): StackPlan {
  const { rate, sales } = launch
  const { accepted, refused } = costs.stack
  const perShard = timesPerSecond(accepted.redis)
  const acceptedPerSecond = orders === 0 ? 0 : Math.min(rate, sales * perShard)
  const ledgerPerSecond = timesPerSecond(accepted.worker)
  const { sellingSeconds, behind } = sellOut(orders, acceptedPerSecond, ledgerPerSecond, sales)
  const intoLedger = Math.min(acceptedPerSecond, ledgerPerSecond)
  const others = rate - acceptedPerSecond
  const selling: Busy = {
    nginx: cores(acceptedPerSecond, accepted.nginx) + cores(others, refused.nginx),
    replicas: cores(acceptedPerSecond, accepted.replica) + cores(others, refused.replica),
    redis: cores(acceptedPerSecond, accepted.redis),
    worker: cores(intoLedger, accepted.worker),
    postgres: cores(intoLedger, accepted.postgres),
  }
  const soldOut: Busy = {
    nginx: cores(rate, refused.nginx),
    replicas: cores(rate, refused.replica),
    redis: 0,
    worker: 0,
    postgres: 0,
  }
  const most = (part: keyof Busy) => Math.max(selling[part], soldOut[part])
  const replicas = Math.max(1, Math.ceil(most("replicas") / BUSY))
  const shards = Math.min(sales, Math.max(1, Math.ceil(acceptedPerSecond / perShard / BUSY)))
  const others_ = Math.ceil(most("nginx") / BUSY) + shards + 1 + Math.max(1, Math.ceil(most("postgres") / BUSY))
  return {
    acceptedPerSecond,
    sellingSeconds,
    ledgerSeconds: behind / ledgerPerSecond,
    selling,
    soldOut,
    cores: replicas + others_,
    replicas,
    shards,
    ceilings: ceilingsOf(launch, perShard, ledgerPerSecond, costs),
    gigabytes: {
      valkey: ((orders * costs.order.valkey + behind * costs.order.appendOnlyFile) * REWRITE) / GIGABYTE,
      appendOnlyFile: (orders * costs.order.appendOnlyFile) / GIGABYTE,
      postgres: (orders * costs.order.postgres) / GIGABYTE,
      replicas: (replicas * costs.memoryMb.replica * 1e6) / GIGABYTE,
    },
  }
}

/** Sales sell faster than the ledger writes until so many facts wait for it; from then on they sell at its pace. */
function sellOut(orders: number, accepted: number, ledger: number, sales: number) {
  if (accepted === 0) return { sellingSeconds: 0, behind: 0 }
  const ahead = Math.max(0, accepted - ledger)
  const burst = ahead === 0 ? orders : Math.min(orders, (JOURNAL_FACTS_MAX * sales * accepted) / ahead)
  const sellingSeconds = burst / accepted + (orders - burst) / Math.min(accepted, ledger)
  return { sellingSeconds, behind: (burst / accepted) * ahead }
}

/** Sorted by the rate of attempts at which each is met. */
function ceilingsOf({ rate, sales, stock }: Launch, perShard: number, ledger: number, { bytes }: Costs): Ceiling[] {
  const wire = (MACHINE_GBITS * 1e9) / 8 / Math.max(bytes.request, bytes.acceptedAnswer, bytes.refusedAnswer)
  const all: Ceiling[] = [
    {
      name: "one core of Valkey for each sale",
      perSecond: sales * perShard,
      of: "accepted purchases",
      isReached: stock > 0 && rate > sales * perShard,
      change:
        "sell items that share no limit as sales of their own, on shards of their own; or let fewer in at once: a queue in front",
    },
    {
      name: "the worker's one core",
      perSecond: ledger,
      of: "orders in the ledger",
      isReached: stock > 0 && Math.min(rate, sales * perShard) > ledger,
      change:
        "nothing below 200,000 orders of a sale, for which answers do not wait; a larger JOURNAL_FACTS_MAX and more memory of Valkey above",
    },
    {
      name: "10 Gbit/s of one nginx machine",
      perSecond: wire,
      of: "attempts",
      isReached: rate > wire,
      change: "more nginx machines behind one name, or a faster network",
    },
  ]
  return all.sort((one, other) => one.perSecond - other.perSecond)
}

function embeddedPlan({ rate }: Launch, orders: number, costs: Costs): LaunchPlan["embedded"] {
  const { accepted, refused } = costs.embedded
  const acceptedPerSecond = orders === 0 ? 0 : Math.min(rate, timesPerSecond(accepted.supervisor))
  const others = rate - acceptedPerSecond
  const selling = cores(acceptedPerSecond, accepted.replica) + cores(others, refused.replica)
  const replicas = Math.max(1, Math.ceil(Math.max(selling, cores(rate, refused.replica)) / BUSY))
  const { memoryMb, order } = costs
  const memory = (replicas * memoryMb.replica + memoryMb.supervisor) / 1000
  const gigabytes = { sqlite: (orders * order.sqlite) / GIGABYTE, memory }
  return { acceptedPerSecond, replicas, cores: replicas + 1, gigabytes }
}

function networkOf({ rate, viewers, buyers }: Launch, accepted: number, { bytes }: Costs): LaunchPlan["network"] {
  return {
    inGbits: gbits(rate * bytes.request),
    outGbits: gbits(accepted * bytes.acceptedAnswer + (rate - accepted) * bytes.refusedAnswer),
    streamsGbits: gbits(viewers * bytes.streamPerSecond),
    pagesGigabytes: (buyers * bytes.page) / GIGABYTE,
    storeGbits: gbits(accepted * bytes.storeTraffic),
  }
}

function cores(perSecond: number, microseconds: number): number {
  return (perSecond * microseconds) / SECOND_US
}
