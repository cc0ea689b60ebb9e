import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "./system.ts"

const ROOT = join(import.meta.dir, "../..")
/** Far longer than a refusal to start takes. */
const END_MAX_MS = 20_000

export interface Ended {
  code: number
  out: string
  err: string
}

/** Runs the program to its end, as a user types it. The environment of the test run is not passed on. */
export async function doorbuster(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env
  const child = Bun.spawn(["node", join(ROOT, "bin/doorbuster.mjs"), ...args], {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const timer = setTimeout(() => child.kill("SIGTERM"), END_MAX_MS)
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  const code = await child.exited
  clearTimeout(timer)
  return { code, out, err }
}

/** `up` with working settings, except the given ones. */
export async function failedStart(dataDir: string, env: Record<string, string>): Promise<Ended> {
  return doorbuster(["up"], { PORT: String(await freePort()), DATA_DIR: dataDir, REPLICAS: "1", ...env })
}

/** A folder of its own for one test. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "doorbuster-start-"))

  file(name: string): string {
    return join(this.path, name)
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
