/** The digest of every store's hash chain: the only one that Lua in Redis offers. */
export function sha1(text: string): string {
  return Bun.SHA1.hash(text, "hex")
}
