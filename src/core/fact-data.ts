/** What a kind of fact says beyond the common fields. What is absent has no name here: there is no null. */
export interface FactData {
  [name: string]: FactValue
}

export type FactValue = string | number | boolean | FactData | readonly FactValue[]

/**
 * The one text of this data, which hashes cover: JSON without spaces, with names in the order of their UTF-16 code units.
 * `|` is written as an escape, so that the text can stand between fields that `|` separates. Throws a TypeError for what
 * would not be read back as it was: numbers that are not safe integers, null and undefined.
 */
export function dataText(data: FactData): string {
  return textOf(data).replaceAll("|", "\\u007c")
}

function textOf(value: FactValue): string {
  if (typeof value === "string" || typeof value === "boolean" || isInteger(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`
  if (typeof value !== "object" || value === null) throw new TypeError(`${value} cannot stand in a fact.`)
  const data = value as FactData
  const names = Object.keys(data).sort()
  return `{${names.map(name => `${JSON.stringify(name)}:${textOf(data[name]!)}`).join(",")}}`
}

/** Negative zero is written as 0 and would come back as another value. */
function isInteger(value: unknown): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}
