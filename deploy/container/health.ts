import process from "node:process"

/** Whether this container's server is well: `bun health.ts URL`, with nothing but what the image holds anyway. */
const ANSWER_MAX_MS = 3000

const [url] = process.argv.slice(2)
const answer = await fetch(url!, { signal: AbortSignal.timeout(ANSWER_MAX_MS) }).catch((error: Error) => error)
if (answer instanceof Error) console.log(answer.message)
else if (!answer.ok) console.log(await answer.text())
process.exit(answer instanceof Error || !answer.ok ? 1 : 0)
