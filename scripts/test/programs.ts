import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { ROOT } from "./selection.ts"

/** Here a need is met or a test left out; who only imports it needs nothing. */
const RULE = "test/support/needs.ts"
const READERS = { ts: new Bun.Transpiler({ loader: "ts" }), tsx: new Bun.Transpiler({ loader: "tsx" }) }
const parts = new Map<string, { saysNeeds: boolean; imports: string[] }>()

/**
 * Whether a test file, or a helper that it imports, says with `needs(...)` what it runs besides Node and npm. With CI=true
 * every other file runs where there is nothing else, so that no test uses a program without saying so.
 */
export function saysNeeds(testFile: string): boolean {
  const reached = new Set([testFile])
  for (const file of reached) {
    const { saysNeeds, imports } = partOf(file)
    if (saysNeeds) return true
    for (const path of imports) reached.add(path)
  }
  return false
}

function partOf(file: string): { saysNeeds: boolean; imports: string[] } {
  const known = parts.get(file)
  if (known) return known
  const text = readFileSync(join(ROOT, file), "utf8")
  const paths = READERS[file.endsWith("x") ? "tsx" : "ts"].scanImports(text).map(({ path }) => path)
  const imports = paths.filter(path => /^\..*\.tsx?$/.test(path)).map(path => join(dirname(file), path))
  const part = {
    saysNeeds: file !== RULE && /\bneeds\(/.test(text),
    imports: imports.filter(path => path.startsWith("test/")),
  }
  parts.set(file, part)
  return part
}
