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

/** HTTP requests as the text that goes over the wire. Everything in them is ASCII. */

export function getRequest({ authority }: Target, path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${authority}\r\nCache-Control: no-cache\r\n\r\n`
}

export function sessionRequest({ authority }: Target): string {
  return `POST /api/v1/sessions HTTP/1.1\r\nHost: ${authority}\r\nContent-Length: 0\r\n\r\n`
}

/** Returns a function that makes one purchase request. What all of them share is made only once. */
export function purchaseRequests(
  { authority }: Target,
  saleId: string,
  sku: string,
  quantity: number,
): (token: string, key: string) => string {
  const body = JSON.stringify({ sku, quantity })
  const head = `POST /api/v1/sales/${saleId}/orders HTTP/1.1\r\nHost: ${authority}\r\nAuthorization: Bearer `
  const tail = `\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  return (token, key) => `${head}${token}\r\nIdempotency-Key: ${key}${tail}`
}
