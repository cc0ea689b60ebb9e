import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { CASES, type Case } from "../contender.ts"
import { ROOT, startEmbedded } from "../embedded/start.ts"
import { type Customers, mint } from "../load/customers.ts"
import { measure } from "../measure/run.ts"
import { explain } from "../output.ts"
import { say } from "../progress.ts"
import { three, whole } from "../report/numbers.ts"
import { judge, type Pair } from "./verdict.ts"

export interface CompareOptions {
  commit: string
  rounds: number
  seconds: number
  connections: number[]
}

/** A median needs so many rounds to tell a change from chance. */
export const ROUNDS_MIN = 7
const WARM_UP_SECONDS = 2
/** More than two cores can sell in a second; the customers of one run must not repeat. */
const CUSTOMERS_PER_SECOND = 60_000

interface Tree {
  name: "before" | "after"
  root: string
}

/**
 * The embedded system of an earlier commit and of this tree, under the same load, alternately. False when this tree is
 * slower by more than the rounds of this run differ by themselves.
 */
export async function compare(work: string, secret: string, options: CompareOptions): Promise<boolean> {
  const root = join(work, "before")
  git("worktree", "add", "--detach", root, options.commit)
  try {
    say(`installing the dependencies of ${options.commit}`)
    run(root, "npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error")
    const pairs = await alternate(work, secret, root, options)
    return tell(pairs)
  } finally {
    git("worktree", "remove", "--force", root)
  }
}

async function alternate(
  work: string,
  secret: string,
  root: string,
  { rounds, seconds, connections: list }: CompareOptions,
): Promise<Map<Case, Pair[]>> {
  const [connections = 64] = list
  const trees: Tree[] = [
    { name: "before", root },
    { name: "after", root: ROOT },
  ]
  const customers = await mint(work, "customer", secret, Math.max(seconds, WARM_UP_SECONDS) * CUSTOMERS_PER_SECOND, 1)
  const pairs = new Map<Case, Pair[]>(CASES.map(kind => [kind, []]))
  for (let round = 1; round <= rounds; round++) {
    // The order turns round, so that what drifts hits both alike.
    const found = new Map<Tree["name"], Record<Case, number>>()
    for (const tree of round % 2 === 1 ? trees : trees.toReversed()) {
      const folder = join(work, `${tree.name}-${round}`)
      mkdirSync(folder)
      found.set(tree.name, await ratesOf(tree, folder, secret, customers, { round, connections, seconds }))
      rmSync(folder, { recursive: true })
    }
    const [before, after] = [found.get("before"), found.get("after")]
    for (const kind of CASES) {
      if (!before || !after) continue
      pairs.get(kind)?.push({ before: before[kind], after: after[kind] })
      const ratio = three(after[kind] / before[kind])
      say(`round ${round}/${rounds}  ${kind}  ${whole(before[kind])}/s before, ${whole(after[kind])}/s after: ${ratio}`)
    }
  }
  return pairs
}

async function ratesOf(
  { root }: Tree,
  folder: string,
  secret: string,
  customers: Customers,
  plan: { round: number; connections: number; seconds: number },
): Promise<Record<Case, number>> {
  const running = await startEmbedded({ folder, secret }, root)
  const rate = async (kind: Case, seconds: number) =>
    (await explain(measure(running, customers, { ...plan, contender: "embedded", kind, seconds }), running.said))
      .perSecond
  try {
    for (const kind of CASES) await rate(kind, WARM_UP_SECONDS)
    return { accepted: await rate("accepted", plan.seconds), refused: await rate("refused", plan.seconds) }
  } finally {
    await running.stop()
  }
}

function tell(pairs: ReadonlyMap<Case, Pair[]>): boolean {
  let isFine = true
  for (const [kind, list] of pairs) {
    const { ratio, spread, isSlower } = judge(list)
    isFine &&= !isSlower
    const words = isSlower ? "slower" : "not slower"
    say(`${kind}: ${words}; ${three(ratio)} times the earlier rate, and rounds differ by ${three(spread * 100)} %`)
  }
  return isFine
}

function git(...args: string[]): void {
  run(ROOT, "git", ...args)
}

function run(cwd: string, command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" })
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr.trim()}`)
}
