import { dirname, join } from "node:path"
import { ROOT, sourceFiles } from "../support/files.ts"

/** One import: `from` and `to` are paths from the project's root. `isType` imports are gone when the program runs. */
export interface Import {
  from: string
  to: string
  isType: boolean
}

const IMPORT =
  /\b(?:import|export)\s+(type\s+)?([^"'()]*?)\s*from\s+"(\.[^"]+)"|\bimport\s*\(\s*"(\.[^"]+)"\s*\)|^import\s+"(\.[^"]+)"/gm

/** Every import between the project's files below `folder`, as written. Imports of Lua and SQL files count as well. */
export async function importsBelow(folder: string): Promise<Import[]> {
  const found: Import[] = []
  for (const from of sourceFiles(folder)) {
    const text = await Bun.file(join(ROOT, from)).text()
    for (const [, type, names = "", path, dynamic, bare] of text.matchAll(IMPORT)) {
      const to = join(dirname(from), path ?? dynamic ?? bare ?? "")
      found.push({ from, to, isType: type !== undefined || isAllTypes(names) })
    }
  }
  return found
}

/** True for imports such as `{ type A, type B }`, which load no code. */
function isAllTypes(names: string): boolean {
  const listed = /^\{(.*)\}$/s.exec(names.trim())?.[1]
  if (listed === undefined) return false
  return listed.split(",").every(name => name.trim() === "" || name.trim().startsWith("type "))
}

/** The files that `roots` need when the program runs, themselves included. */
export function reachable(imports: readonly Import[], roots: readonly string[]): Set<string> {
  const reached = new Set(roots)
  for (const file of reached) {
    for (const { from, to, isType } of imports) if (from === file && !isType) reached.add(to)
  }
  return reached
}

/** Groups of files that import each other in a circle. */
export function circles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
  const reach = (start: string): Set<string> => {
    const reached = new Set(next.get(start) ?? [])
    for (const file of reached) for (const to of next.get(file) ?? []) reached.add(to)
    return reached
  }
  const reaches = new Map([...next.keys()].map(file => [file, reach(file)]))
  const groups = new Map<string, string[]>()
  for (const [file, reached] of reaches) {
    if (!reached.has(file)) continue
    const group = [...reached].filter(other => reaches.get(other)?.has(file)).sort()
    groups.set(group.join(" "), group)
  }
  return [...groups.values()]
}

/**
 * The files that a request crosses between `start` and `ends`: those that are needed by `start` and need one of `ends`.
 * `seams` are the calls that pass through an interface, which no import shows.
 */
export function between(
  imports: readonly Import[],
  start: string,
  ends: readonly string[],
  seams: readonly (readonly [from: string, to: string])[],
): string[] {
  const all = [...imports, ...seams.map(([from, to]) => ({ from, to, isType: false }))]
  const back = all.map(({ from, to, isType }) => ({ from: to, to: from, isType }))
  const onward = reachable(all, [start])
  const backward = reachable(back, ends)
  return [...onward].filter(file => backward.has(file))
}
