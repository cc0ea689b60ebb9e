import { createServer } from "node:net"
import { ConfigError } from "../config/config.ts"

/** Rejects with one sentence when the port cannot be opened. Replicas share it, so their own attempt would not fail. */
export async function assertPortFree(host: string, port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: Error & { code?: string }) => reject(new ConfigError(explain(error, host, port))))
    probe.listen({ host, port, exclusive: true }, resolve)
  })
  await new Promise(closed => probe.close(closed))
}

function explain({ code, message }: Error & { code?: string }, host: string, port: number): string {
  if (code === "EADDRINUSE") return `Port ${port} is taken; choose another with PORT=8081, say.`
  if (code === "EACCES") return `Port ${port} is not allowed for this user; choose one above 1023.`
  if (code === "EADDRNOTAVAIL") return `HOST ${host} is not an address of this machine.`
  return `Port ${port} on ${host} cannot be opened: ${message}.`
}
