import { existsSync, statSync } from "node:fs"
import { join, resolve } from "node:path"

export const ROOT = resolve(import.meta.dir, "../..")

export interface Choice {
  files: string[]
  /** Further arguments of Bun's test runner, such as `-t title`. */
  flags: string[]
}

/** A choice that cannot be made; the message is one sentence. */
export class UnknownNameError extends Error {}

/** Every test file, as a path from the project's root. */
export function testFiles(): string[] {
  return [...new Bun.Glob("test/**/*.test.ts").scanSync({ cwd: ROOT })].sort()
}

/** From the words after `npm test --`: a file, a folder, or a part of a path; flags and their values are passed on. */
export function choose(words: readonly string[], files = testFiles()): Choice {
  const flags: string[] = []
  const names: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (!word.startsWith("-")) names.push(word)
    else if (["-t", "--test-name-pattern"].includes(word)) flags.push(word, words[++at] ?? "")
    else flags.push(word)
  }
  const chosen = names.flatMap(name => filesOf(name, files))
  return { files: names.length > 0 ? [...new Set(chosen)] : files, flags }
}

function filesOf(name: string, files: readonly string[]): string[] {
  const path = name.replace(/^\.\//, "")
  const place = join(ROOT, path)
  const isFolder = existsSync(place) && statSync(place).isDirectory()
  const prefix = `${path.replace(/\/+$/, "")}/`
  const found = files.filter(file => (isFolder ? file.startsWith(prefix) : file === path))
  const chosen = found.length > 0 ? found : files.filter(file => file.includes(path))
  if (chosen.length === 0) throw new UnknownNameError(`No test file is named "${name}" or has that in its path.`)
  return chosen
}
