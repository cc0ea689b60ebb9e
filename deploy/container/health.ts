import process from "node:process"

/** The container's health check: `bun health.ts URL`. It uses Bun because the image has no other HTTP client. */
const ANSWER_MAX_MS = 3000

const [url] = process.argv.slice(2)
const answer = await fetch(url!, { signal: AbortSignal.timeout(ANSWER_MAX_MS) }).catch((error: Error) => error)
if (answer instanceof Error) console.log(answer.message)
else if (!answer.ok) console.log(await answer.text())
process.exit(answer instanceof Error || !answer.ok ? 1 : 0)
