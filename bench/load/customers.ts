import { createHmac } from "node:crypto"
import { once } from "node:events"
import { createWriteStream } from "node:fs"
import { join } from "node:path"

/**
 * Files of tokens, one per line. Each thread of the load reads its own file, so that no two threads send the same
 * customer.
 */
export interface Customers {
  prefix: string
  files: number
  count: number
}

const VALID_SECONDS = 6 * 3600
/** How many tokens are written before waiting for the disk: about 150 kB. */
const CHUNK = 1000

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
const HEADER = base64url({ alg: "HS256", typ: "JWT" })

/** A buyer's token, as a shop's own backend would make it. */
export function token(customerId: string, secret: string): string {
  const exp = Math.floor(Date.now() / 1000) + VALID_SECONDS
  const signed = `${HEADER}.${base64url({ sub: customerId, aud: "doorbuster", exp })}`
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
}

export async function mint(
  folder: string,
  name: string,
  secret: string,
  count: number,
  files: number,
): Promise<Customers> {
  const prefix = join(folder, name)
  const perFile = Math.ceil(count / files)
  for (let file = 0; file < files; file++) {
    const stream = createWriteStream(`${prefix}-${file}.txt`)
    for (let from = 0; from < perFile; from += CHUNK) {
      const size = Math.min(CHUNK, perFile - from)
      const lines = Array.from({ length: size }, (_, i) => `${token(`${name}-${file}-${from + i}`, secret)}\n`)
      if (!stream.write(lines.join(""))) await once(stream, "drain")
    }
    stream.end()
    await once(stream, "finish")
  }
  return { prefix, files, count: perFile * files }
}
