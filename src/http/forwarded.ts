import { isIP } from "node:net"

const WITH_PORT = /^(?:\[([^\]]+)\](?::\d{1,5})?|([^:]+):\d{1,5})$/

/**
 * The client's address as `proxies` proxies, each of which appended to X-Forwarded-For, report it. Whatever stands further left
 * came from the client. Null if there is none, or if what stands there is no address.
 */
export function forwardedAddress(header: string | null, proxies: number): { address: string } | null {
  if (proxies === 0 || header === null) return null
  const entry = header.split(",").at(-proxies)?.trim() ?? ""
  const [, bracketed, named] = WITH_PORT.exec(entry) ?? []
  const address = bracketed ?? named ?? entry
  return isIP(address) === 0 ? null : { address }
}
