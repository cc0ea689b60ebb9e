import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"

/** The image of the store that the compose stack runs. */
export function valkeyImage(): string {
  const compose = readFileSync(join(resolve(import.meta.dir, "../.."), "compose.yaml"), "utf8")
  const image = /image: (valkey\/valkey:\S+)/.exec(compose)?.[1]
  if (!image) throw new Error("compose.yaml names no image of Valkey.")
  return image
}

/** Whether the image is on this machine: nothing is fetched for a test. */
export function hasValkey(): boolean {
  const docker = Bun.which("docker")
  if (!docker) return false
  const { exitCode } = Bun.spawnSync([docker, "image", "inspect", valkeyImage()], {
    stdio: ["ignore", "ignore", "ignore"],
  })
  return exitCode === 0
}
