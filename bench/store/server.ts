import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePorts, until } from "../net.ts"
import { count } from "./calls.ts"
import { Wire } from "./wire.ts"

export interface Measured {
  what: string
  /** Operations a second of wall clock, and of the server's own processor time: other work on the machine slows the first. */
  perSecond: number
  perCpuSecond: number
}

/** Starts a Redis that writes nothing to disk, for as long as `then` takes. */
export async function withStore<Value>(then: (wire: Wire) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-bench-store-"))
  const [port = 0] = await freePorts(1)
  const settings = { port, bind: "127.0.0.1", dir: folder, save: "", appendonly: "no" }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = spawn("redis-server", args, { stdio: "ignore" })
  try {
    await until("redis-server answers", () =>
      Wire.connect(port).then(
        wire => wire.close() === undefined,
        () => false,
      ),
    )
    return await then(await Wire.connect(port))
  } finally {
    server.kill("SIGKILL")
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Makes calls of so many attempts each, all of which must get the answer with this letter. */
export async function measureCalls(
  wire: Wire,
  what: string,
  calls: string[],
  letter: string,
  perCall: number,
): Promise<Measured> {
  const cpu = await processorSeconds(wire)
  const { seconds, replies } = await wire.run(calls)
  const spent = (await processorSeconds(wire)) - cpu
  const operations = replies.reduce((sum, reply) => sum + count(reply, letter, perCall), 0)
  if (operations !== calls.length * perCall) throw new Error(`Not all attempts were ${what}: ${replies[0]}`)
  return { what, perSecond: operations / seconds, perCpuSecond: operations / spent }
}

/** What the server's main thread has used so far. */
export async function processorSeconds(wire: Wire): Promise<number> {
  const info = await wire.command("INFO", "cpu")
  const read = (name: string) => Number(new RegExp(`^${name}:(.*)$`, "m").exec(info)?.[1])
  return read("used_cpu_user_main_thread") + read("used_cpu_sys_main_thread")
}
