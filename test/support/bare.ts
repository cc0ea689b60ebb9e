import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"

/** Node and npm, and the shell by which npm runs a script. */
const PROGRAMS = ["node", "npm", "sh"]

/** Makes `folder` a PATH where there is nothing but Node and npm; returns the environment that knows no other. */
export function bareEnvironment(folder: string): { PATH: string; TEST_PROGRAMS: "PATH" } {
  mkdirSync(folder, { recursive: true })
  for (const name of PROGRAMS) {
    const path = Bun.which(name)
    if (path === null) throw new Error(`${name} is missing.`)
    symlinkSync(path, join(folder, name))
  }
  return { PATH: folder, TEST_PROGRAMS: "PATH" }
}
