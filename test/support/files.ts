import { resolve } from "node:path"

export const ROOT = resolve(import.meta.dir, "../..")

/** TypeScript files below a folder, as paths from the project's root. */
export function sourceFiles(folder: string): string[] {
  return [...new Bun.Glob(`${folder}/**/*.{ts,tsx}`).scanSync({ cwd: ROOT })].sort()
}
