import type { Costs } from "../../src/cli/plan/costs.ts"
import type { Results } from "../results.ts"
import type { Soak } from "../soak/figures.ts"
import { millionSection } from "./million.ts"
import { soakTable } from "./soak.ts"
import { writeTables } from "./table.ts"

/** The last soak that was kept, which is a run of its own. */
export interface KeptSoak {
  /** Its file without the end of its name. */
  name: string
  soak: readonly Soak[]
}

function soakSection({ name, soak }: KeptSoak): string {
  return `## Launch after launch

\`npm run bench -- --soak\`: a launch every minute, with buyers who arrive at half of the capacity; the first half of each minute sells.
Raw minutes: [bench/results/${name}.json](../bench/results/${name}.json).

![Rate, latency, memory and files by the minute](../bench/results/${name}-soak.svg)

${soakTable(soak)}

`
}

/** The page of figures. Every full run writes it again, so that it only says what was measured. */
export function writePage(results: Results, jsonName: string, costs: Costs, soak?: KeptSoak): string {
  return `# Capacity

Written by \`npm run bench\`; the raw rounds are in [bench/results/${jsonName}](../bench/results/${jsonName}).

![Purchases answered per second](../bench/results/latest.svg)

${writeTables(results)}
![Latency at a constant rate of arrivals](../bench/results/latency.svg)

![How costs grow](../bench/results/growth.svg)

${soak ? soakSection(soak) : ""}${millionSection(costs)}
## What is compared

- **baseline**: the design that this project began from: nginx with one worker and no upstream keep-alive, round robin over
  3 Flask development servers, each doing \`DECR\`, and \`INCR\` again when the result is negative, on one Redis with
  \`appendonly yes\` (fsync once a second). It knows no customers, limits, keys or orders.
- **embedded**: what \`npm start\` runs: 3 replicas and a supervisor. Every accepted purchase comes from a different customer with a
  verified token and a key of its own, within a limit of 1, and is on the disk before it is answered.
- **stack**: nginx, 3 replicas, one redis-server with \`appendfsync always\`, PostgreSQL and the worker, all on this machine. The
  same buyers as the embedded system's; every accepted purchase is on Redis' disk before it is answered, and the worker
  copies it to PostgreSQL afterwards.
- **floor**: 3 processes of bare \`Bun.serve\` that parse the same body and answer the same JSON, verify no token and store
  nothing: what HTTP alone costs in this runtime.

## How

The load comes from wrk with one thread and without pipelining, on the same machine, so it takes its share of the cores. Each contender has the
machine to itself, starts with an empty folder and is warmed up for some seconds. The order is reversed after each round.
A run counts only if every answer was of the expected kind (all accepted, or all refused) and if the number of units that
the contender sold equals the number of accepted answers. CPU is user and system time of every process of the contender, from /proc; the load's is
not included. Memory is resident memory. *Others used* in the output shows rounds that other programs disturbed.

**Latency** is measured with buyers who arrive at a constant rate, whatever the answers do (open loop, 256 connections). Each attempt
has its moment, and its latency counts from that moment, also when it had to wait for a connection or for the load itself:
nothing is omitted. The capacity is what the same load sells just before with every connection busy. The load is a process of its own
([bench/load/arrivals](../bench/load/arrivals/main.ts)), because wrk knows no rate, and \`attack --rate\` waits by timers of whole
milliseconds. It looks at its sockets every 0.2 ms at least. How late its attempts leave is in the table: that delay is part of every
latency, of the floor's too. From 75 % on it is mostly the load's own, which shares two cores with what it measures.

**Growth**: the cost of a purchase may not grow along an axis at all; memory and start may not grow faster than what they are for.
A step that does by more than a quarter is named. Sales, replicas, batches and shards come from one short run each.

**CI** runs [test/bench/cost.test.ts](../test/bench/cost.test.ts): the embedded system and the floor alternate for seconds, and the test
fails when an accepted purchase costs more than so many times the floor's. It knows no absolute time.
`
}
