/** One line of a story: an act and, to the right of the arrow, its result. */
export interface Line {
  text: string
  verb: string
  words: string[]
  expected: string | undefined
}

/** A table of one act per line. `#` begins a comment. Throws if a line cannot be parsed. */
export function parse(table: string): Line[] {
  return table
    .split("\n")
    .map(line => line.replace(/#.*/, "").trim())
    .filter(line => line !== "")
    .map(parseLine)
}

function parseLine(text: string): Line {
  const [act = "", expected, ...more] = text.split("->").map(part => part.trim().replace(/\s+/g, " "))
  const [verb, ...words] = act.split(" ")
  if (!verb || expected === "" || more.length > 0) throw new Error(`This line of the story is not understood: ${text}`)
  return { text, verb, words, expected }
}

/** `limit 2 hold 60s` -> limit: 2, hold: 60s. */
export function pairs(words: string[]): [name: string, value: string][] {
  if (words.length % 2 !== 0) throw new Error(`Something is missing in: ${words.join(" ")}`)
  return Array.from({ length: words.length / 2 }, (_, at) => [words[at * 2]!, words[at * 2 + 1]!])
}

/** `61s`, `2m`, `500ms` -> milliseconds. */
export function duration(text: string): number {
  const [, number, unit] = /^([0-9]+)(ms|s|m)$/.exec(text) ?? []
  if (!number) throw new Error(`${text} is no duration`)
  return Number(number) * { ms: 1, s: 1000, m: 60_000 }[unit as "ms" | "s" | "m"]
}

export function whole(text: string | undefined): number {
  if (!/^[0-9]+$/.test(text ?? "")) throw new Error(`${text} is no whole number`)
  return Number(text)
}

/** `drop/cap` names an item of a sale; a sale of one item may be named alone. */
export function item(text: string | undefined): { sale: string; sku: string } {
  const [sale = "", sku = sale] = (text ?? "").split("/")
  if (sale === "") throw new Error("no sale is named")
  return { sale, sku }
}
