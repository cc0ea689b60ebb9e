import { RedisServer } from "../../test/support/redis.ts"
import { alsoStop } from "../children.ts"
import { count } from "./calls.ts"
import { Wire } from "./wire.ts"

export interface Measured {
  what: string
  /** Operations a second of wall clock, and of the server's own processor time: other work on the machine slows the first. */
  perSecond: number
  perCpuSecond: number
}

/** Starts a Redis that writes nothing to disk, for as long as `then` takes. With an `image` it runs in a container. */
export async function withStore<Value>(then: (wire: Wire) => Promise<Value>, image?: string): Promise<Value> {
  const settings = { appendonly: "no" }
  const server = await RedisServer.start(image === undefined ? { settings } : { settings, image })
  const stop = alsoStop(() => server.stop())
  try {
    const wire = await Wire.connect(server.port)
    return await then(wire).finally(() => wire.close())
  } finally {
    await stop()
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
