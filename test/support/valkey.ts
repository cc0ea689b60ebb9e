import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"

/** The image of the store that the compose stack runs. */
export function valkeyImage(): string {
  const compose = readFileSync(join(resolve(import.meta.dir, "../.."), "compose.yaml"), "utf8")
  const image = /image: (valkey\/valkey:\S+)/.exec(compose)?.[1]
  if (!image) throw new Error("compose.yaml names no image of Valkey.")
  return image
}
