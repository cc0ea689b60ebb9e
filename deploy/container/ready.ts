import { lookup } from "node:dns/promises"

/**
 * Waits, before nginx starts, until the shop can sell: `bun ready.ts HOST PORT`. Not for ever, and it never fails, because nginx serves
 * its copies and its own answers without replicas, and finds those that come later.
 */
const EVERY_MS = 250
const ANSWER_MAX_MS = 1000
/** How long it waits for every replica once one sells, and for the first one. */
const ALL_MAX_MS = 15_000
const ONE_MAX_MS = 90_000

const READY = "ready"

const [host = "web", port = "8080"] = process.argv.slice(2)
const startedAt = performance.now()
let answers: string[] = []
let soldAt: number | undefined
for (let now = startedAt; now - startedAt < ONE_MAX_MS; now = performance.now()) {
  answers = await readiness()
  const isReady = (answer: string) => answer === READY
  if (answers.some(isReady)) soldAt ??= now
  if (answers.length > 0 && answers.every(isReady)) break
  if (soldAt !== undefined && now - soldAt > ALL_MAX_MS) break
  await Bun.sleep(EVERY_MS)
}
if (soldAt === undefined) console.log(`No replica sells yet. ${answers.at(-1) ?? `There is none at ${host}:${port}.`}`)

/** What each replica's `/readyz` says, which Docker's name server lists by address. */
async function readiness(): Promise<string[]> {
  const addresses = await lookup(host, { all: true }).catch(() => [])
  return Promise.all(addresses.map(({ address }) => ask(`http://${address}:${port}/readyz`)))
}

async function ask(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MAX_MS) })
    return answer.ok ? READY : await answer.text()
  } catch (error) {
    return (error as Error).message
  }
}
