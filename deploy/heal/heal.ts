/**
 * Restarts containers that were killed. After `docker kill`, Docker does not restart a container, whatever
 * its restart policy says. This process asks the engine for the containers of this project, by label, and starts those
 * that SIGKILL ended; it sends no other requests. Access to the engine's socket amounts to administering the host, so
 * this container has no network, and it runs only with the profile `heal`.
 */
const SOCKET = process.env.DOCKER_SOCKET ?? "/var/run/docker.sock"
const PROJECT = process.env.HEAL_PROJECT
const SERVICES = new Set((process.env.HEAL_SERVICES ?? "web,worker").split(","))
const EVERY_MS = 500
const ANSWER_MAX_MS = 10_000
/** Docker's status of a container that SIGKILL ended. `docker compose stop` and crashes leave another exit code. */
const KILLED = /^Exited \(137\)/

interface Container {
  Id: string
  Names: string[]
  Status: string
  Labels: Record<string, string>
}

if (!PROJECT) {
  console.error("HEAL_PROJECT must name the Compose project whose containers are restarted.")
  process.exit(1)
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0))

let trouble = ""
for (;;) {
  try {
    for (const container of await killed()) await start(container)
    trouble = ""
  } catch (error) {
    const { message } = error as Error
    if (message !== trouble) console.log(message)
    trouble = message
  }
  await Bun.sleep(EVERY_MS)
}

async function killed(): Promise<Container[]> {
  const filters = JSON.stringify({ label: [`com.docker.compose.project=${PROJECT}`], status: ["exited"] })
  const answer = await ask("GET", `/containers/json?all=1&filters=${encodeURIComponent(filters)}`)
  const containers = (await answer.json()) as Container[]
  return containers.filter(({ Status, Labels }) => {
    return KILLED.test(Status) && SERVICES.has(Labels["com.docker.compose.service"]!)
  })
}

async function start({ Id, Names }: Container): Promise<void> {
  await ask("POST", `/containers/${Id}/start`)
  console.log(`${new Date().toISOString()} started ${Names[0]?.slice(1)}, which had been killed`)
}

async function ask(method: "GET" | "POST", path: string): Promise<Response> {
  const init = { method, unix: SOCKET, signal: AbortSignal.timeout(ANSWER_MAX_MS) }
  const answer = await fetch(`http://docker${path}`, init)
  if (answer.ok || answer.status === 304) return answer
  throw new Error(`The engine answered ${answer.status} to ${method} ${path}: ${await answer.text()}`)
}

export {}
