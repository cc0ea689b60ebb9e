/** The fields that only some kinds of fact have. An absent field is left out; null is not allowed. */
export interface FactData {
  [name: string]: FactValue
}

export type FactValue = string | number | boolean | FactData | readonly FactValue[]

/**
 * The canonical text of this data, which hashes cover: JSON without spaces, with names sorted by UTF-16 code units.
 * `|` is escaped, because it separates the fields of a chain text. Throws a TypeError for values that do not survive
 * a round trip: numbers that are not safe integers, null and undefined.
 */
export function dataText(data: FactData): string {
  return textOf(data).replaceAll("|", "\\u007c")
}

function textOf(value: FactValue): string {
  if (typeof value === "string" || typeof value === "boolean" || isInteger(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`
  if (typeof value !== "object" || value === null) throw new TypeError(`A fact cannot hold ${value}.`)
  const fields = Object.entries(value as FactData).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${textOf(field)}`).join(",")}}`
}

/** Excludes negative zero, because JSON writes it as 0. */
function isInteger(value: unknown): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}
