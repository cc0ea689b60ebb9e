import type { Costs } from "../../src/cli/plan/costs.ts"
import { BUSY, type Busy, planFor } from "../../src/cli/plan/plan.ts"
import { table } from "./markdown.ts"
import { three, whole } from "./numbers.ts"

const LAUNCH = { rate: 1_000_000, stock: 100_000, buyers: 10_000_000, viewers: 1_000_000, sales: 1 }

/** A million attempts a second, computed from the costs by the same code as `doorbuster plan`. */
export function millionSection(costs: Costs): string {
  const plan = planFor(LAUNCH, costs)
  const { stack, network, queued } = plan
  const { redis } = costs.stack.accepted
  const ledger =
    stack.ledgerSeconds > 0 ? `the ledger has them ${three(stack.ledgerSeconds)} s later` : "the ledger keeps up"
  return `## A million attempts a second

\`doorbuster plan --rate N --stock N --buyers N\` computes what a launch needs from [the measured costs](../src/cli/plan/costs.json), which
\`npm run bench\` writes. Here it is worked through for ${whole(LAUNCH.rate)} attempts a second by ${whole(LAUNCH.buyers)} buyers for ${whole(LAUNCH.stock)} units in one sale,
with ${whole(LAUNCH.viewers)} live streams: \`npm run plan -- --rate ${LAUNCH.rate} --stock ${LAUNCH.stock} --buyers ${LAUNCH.buyers}\`.

${table(
  ["part", "CPU µs per accepted", "per refused", "cores busy while it sells", "when it is sold out"],
  partRows(costs, stack.selling, stack.soldOut),
)}

**The first ceiling is one core of Valkey.** A sale lives on one shard, because one function decides stock, limit and key in one step. On
the stack an accepted attempt costs that core ${three(redis)} µs, so one sale accepts ${whole(1e6 / redis)} a second at most. Alone and in calls of 200 attempts it
costs ${three(costs.store.accepted)} µs, ${whole(1e6 / costs.store.accepted)} a second: a launch of this size makes batches of that size, but with an fsync after each nobody measured
it, so the plan does not count on it. ${whole(LAUNCH.stock)} units are sold in ${three(stack.sellingSeconds)} s; ${ledger}. All other attempts
are refused: before the last unit is sold because the store is busy, afterwards from the replicas' memory.

- **Cores**: ${whole(stack.cores)}, each planned ${BUSY * 100} % busy; ${whole(stack.replicas)} of them run one replica each. ${stack.shards} shard.
- **Memory**: replicas ${three(stack.gigabytes.replicas)} GB. Valkey ${three(stack.gigabytes.valkey * 1000)} MB, counted twice because its file is rewritten beside sales. On disk: Valkey's file
  ${three(stack.gigabytes.appendOnlyFile * 1000)} MB, PostgreSQL ${three(stack.gigabytes.postgres * 1000)} MB.
- **Network**: ${three(network.inGbits)} Gbit/s in and ${three(network.outGbits)} Gbit/s out for attempts, of ${costs.bytes.request} bytes in and ${costs.bytes.refusedAnswer} (refused) or ${costs.bytes.acceptedAnswer} (accepted) out; ${three(network.streamsGbits)} Gbit/s
  for the streams; ${whole(network.pagesGigabytes)} GB of pages (${whole(costs.bytes.page / 1000)} kB each) before the opening.
- **What a CDN takes away**: pages and, if viewers read a public document once a second instead of a stream, the streams: everything
  that is the same for everybody.
- **What a queue in front takes away**: the other ${whole(LAUNCH.rate - stack.acceptedPerSecond)} attempts a second. Who waits reads a public document from the CDN, and only as many
  are let in as the store accepts: ${whole(queued.rate)} a second, for which ${whole(queued.cores)} cores are enough.

| | |
| --- | --- |
| measured | every cost above, on ${costs.measured.cores} cores with three replicas and one Redis; how they grow is in the growth table |
| extrapolated | that ${whole(stack.replicas)} replicas cost each what three do; that nginx spreads them over many machines; that one network carries it |
| not counted | TLS, the network cards' interrupts, the queue itself, retries of buyers who were told to try again |
`
}

function partRows({ stack }: Costs, selling: Busy, soldOut: Busy): string[][] {
  const parts = [
    ["nginx", "nginx"],
    ["replica", "replicas"],
    ["redis", "redis"],
    ["worker", "worker"],
    ["postgres", "postgres"],
  ] as const
  return parts.map(([cost, busy]) => [
    cost,
    three(stack.accepted[cost]),
    cost === "nginx" || cost === "replica" ? three(stack.refused[cost]) : "-",
    three(selling[busy]),
    three(soldOut[busy]),
  ])
}
