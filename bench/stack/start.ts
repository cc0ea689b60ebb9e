import { join } from "node:path"
import { NativeStack } from "../../test/support/stack.ts"
import { alsoStop } from "../children.ts"
import type { Case, Running, Setting, Target } from "../contender.ts"
import { Api } from "../embedded/api.ts"
import { openSale } from "../embedded/start.ts"
import { type ProcessName, tree } from "../measure/proc.ts"

const ADMIN_TOKEN = "the-benchmark-administrator-0123456789"
const LAG = /^flash_sale_ledger_lag_seconds(?:\{[^}]*\})? (\S+)$/gm

/**
 * Starts nginx, three replicas, Redis with an fsync before each answer, PostgreSQL and the worker, as plain processes.
 */
export async function startStack(
  { secret, env }: Pick<Setting, "secret" | "env">,
  keep = false,
): Promise<Running & { stack: NativeStack; api: Api }> {
  const stack = await NativeStack.start({ nginx: true, keep, env: { SESSION_SECRET: secret, ADMIN_TOKEN, ...env } })
  const stop = alsoStop(() => stack.stop())
  // Directly to a replica, because nginx may answer with a copy that is up to a second old.
  const api = new Api(stack.urls[0]!, ADMIN_TOKEN, secret)
  return {
    stack,
    api,
    processes: async () => processesOf(stack),
    async open(kind: Case, units?: number): Promise<Target> {
      const target = await openSale(api, kind, units)
      const { pathname } = new URL(target.url)
      return { ...target, url: stack.publicUrl + pathname, lagSeconds: () => lagSeconds(stack.workerUrl) }
    },
    folders: () => [
      { name: "redis", path: join(stack.folder, "redis") },
      { name: "postgres", path: join(stack.postgres.folder, "data") },
    ],
    said: () => stack.logs,
    stop,
  }
}

function processesOf({ nginx, replicas, redis, worker, postgres }: NativeStack): ProcessName[] {
  const all = (root: number, name: string) =>
    tree(root).map((pid, i): ProcessName => ({ pid, name: `${name} ${i + 1}` }))
  return [
    ...all(nginx!.pid, "nginx"),
    ...replicas.map(({ pid }, i): ProcessName => ({ pid, name: `replica ${i + 1}` })),
    { pid: redis.pid, name: "redis" },
    { pid: worker.pid, name: "worker" },
    ...all(postgres.pid, "postgres"),
  ]
}

/** The lag of the sale that is furthest behind. */
async function lagSeconds(workerUrl: string): Promise<number> {
  const text = await (await fetch(`${workerUrl}/metrics`)).text()
  const lags = [...text.matchAll(LAG)].map(([, value]) => Number(value))
  if (lags.length === 0) throw new Error("the worker shows no flash_sale_ledger_lag_seconds")
  return Math.max(...lags)
}
