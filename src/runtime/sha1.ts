/** The hexadecimal digest of every store's hash chain. Lua in Redis offers no other hash function. */
export function sha1(text: string): string {
  return Bun.SHA1.hash(text, "hex")
}
