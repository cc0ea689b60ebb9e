import { resolve } from "node:path"

const ROOT = resolve(import.meta.dir, "../..")

/** Something that a demonstration needs is missing or does not work. The message is one sentence. */
export class DemoError extends Error {
  override name = "DemoError"
}

export interface Container {
  ID: string
  Name: string
  Service: string
  State: string
}

/** Docker Compose for this project; the environment and .env choose ports and names, as on the command line. */
export async function compose(...args: string[]): Promise<string> {
  return docker("compose", ...args)
}

export async function docker(...args: string[]): Promise<string> {
  const child = spawn(args)
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code === 0) return out.trim()
  // The last line has the reason; the lines before it show progress.
  throw new DemoError(`docker ${args.join(" ")} failed: ${err.trim().split("\n").at(-1) || `exit code ${code}`}`)
}

function spawn(args: string[]): Bun.Subprocess<"ignore", "pipe", "pipe"> {
  try {
    return Bun.spawn(["docker", ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] })
  } catch {
    throw new DemoError("Docker is needed for this demonstration; without it: npm start, then npm run attack.")
  }
}

export async function containersOf(service: string): Promise<Container[]> {
  const lines = (await compose("ps", "--all", "--format", "json", service)).split("\n").filter(Boolean)
  // Some versions of Compose print one object per line, others one list.
  return lines.flatMap(line => JSON.parse(line) as Container | Container[])
}

/** The address on this machine where a container's port is published. */
export async function addressOf(service: string, port: number): Promise<string> {
  const address = await compose("port", service, String(port))
  return `http://${address.replace(/^(0\.0\.0\.0|\[::\]):/, "127.0.0.1:")}`
}
