import { createHash } from "node:crypto"

/** The hexadecimal digest of seals and published heads. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}
