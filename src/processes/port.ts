import { createSocket } from "node:dgram"
import { once } from "node:events"
import { createServer } from "node:net"
import { type Config, ConfigError } from "../config/config.ts"

/** The setting that names a port. */
type PortSetting = "PORT" | "OPERATORS_PORT"
type SystemError = Error & { code?: string }

/** Holds the port and, where there is one, the operators' port: see `holdPort`. */
export async function holdPorts({ host, port, operatorsHost, operatorsPort }: Config): Promise<AsyncDisposable> {
  await using held = new AsyncDisposableStack()
  held.use(await holdPort(host, port))
  if (operatorsPort !== undefined) held.use(await holdPort(operatorsHost, operatorsPort, "OPERATORS_PORT"))
  return held.move()
}

/**
 * Takes the port for this system until it is disposed of or the process ends. Replicas share their port, so the kernel would
 * let the replicas of a second system in. Whoever starts replicas therefore holds a name that only one process can have,
 * also while none of its replicas runs. Rejects with one sentence when another system or program has the port.
 */
export async function holdPort(host: string, port: number, setting: PortSetting = "PORT"): Promise<AsyncDisposable> {
  const hold = process.platform === "linux" ? await holdName(port, setting) : await holdNumber(port, setting)
  try {
    await assertPortFree(host, port, setting)
    return hold
  } catch (error) {
    await hold[Symbol.asyncDispose]()
    throw error
  }
}

/** Linux keeps such names in memory, one set for each network namespace, and frees them when their process ends. */
async function holdName(port: number, setting: PortSetting): Promise<AsyncDisposable> {
  const server = createServer(socket => socket.destroy())
  try {
    const listening = once(server, "listening")
    server.listen({ path: `\0doorbuster-port-${port}` })
    await listening
  } catch (error) {
    throw refusal(error as SystemError, port, setting)
  }
  server.unref()
  return { [Symbol.asyncDispose]: () => new Promise<void>(closed => server.close(() => closed())) }
}

/** For systems without such names: the UDP port of the same number, which this program does not use otherwise. */
export async function holdNumber(port: number, setting: PortSetting = "PORT"): Promise<AsyncDisposable> {
  const socket = createSocket("udp4")
  try {
    const listening = once(socket, "listening")
    socket.bind({ address: "127.0.0.1", port, exclusive: true })
    await listening
  } catch (error) {
    throw refusal(error as SystemError, port, setting)
  }
  socket.unref()
  return { [Symbol.asyncDispose]: () => new Promise<void>(closed => socket.close(() => closed())) }
}

function refusal({ code, message }: SystemError, port: number, setting: PortSetting): ConfigError {
  if (code !== "EADDRINUSE") return new ConfigError(`Port ${port} cannot be held: ${message}.`)
  return new ConfigError(`Port ${port} is taken by another Doorbuster; choose another with ${setting}=8081, say.`)
}

/** Other programs do not know the name. */
async function assertPortFree(host: string, port: number, setting: PortSetting): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: SystemError) => reject(new ConfigError(explain(error, host, port, setting))))
    probe.listen({ host, port, exclusive: true }, resolve)
  })
  await new Promise(closed => probe.close(closed))
}

function explain({ code, message }: SystemError, host: string, port: number, setting: PortSetting): string {
  if (code === "EADDRINUSE") return `Port ${port} is taken; choose another with ${setting}=8081, say.`
  if (code === "EACCES") return `Port ${port} is not allowed for this user; choose one above 1023.`
  if (code === "EADDRNOTAVAIL")
    return `${setting === "PORT" ? "HOST" : "OPERATORS_HOST"} ${host} is not an address of this machine.`
  return `Port ${port} on ${host} cannot be opened: ${message}.`
}
