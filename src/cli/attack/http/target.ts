import { CliError } from "../../cli-error.ts"

/** The address that the bots connect to. */
export interface Target {
  host: string
  port: number
  /** `host:port` as in a URL and in the `Host` header. */
  authority: string
  origin: string
}

/** Throws `CliError` unless the URL names this machine, or the user says that they own the other one. */
export function parseTarget(text: string, ownSystem: boolean): Target {
  const url = URL.parse(text)
  if (url?.protocol !== "http:" || url.pathname !== "/" || url.search || url.username) {
    throw new CliError(`--url must look like http://localhost:8080, not "${text}".`)
  }
  if (!ownSystem && !isLoopback(url.hostname)) {
    throw new CliError(
      `${url.hostname} is not this machine: add --i-own-this-system if it is yours and you want to load it.`,
    )
  }
  const host = url.hostname.replace(/^\[|\]$/g, "")
  return { host, port: Number(url.port || 80), authority: url.host, origin: url.origin }
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.[0-9]+\.[0-9]+\.[0-9]+|\[::1\])$/.test(hostname)
}
