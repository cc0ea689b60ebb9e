/** A JSON Schema 2020-12 check written for these tests alone, so that the server's own validator does not judge itself. */

export type Schema = { readonly [keyword: string]: unknown }
export type Definitions = Record<string, Schema>

const ANNOTATIONS = ["description", "default", "propertyNames", "title"]

type Rule = (value: unknown, operand: never, at: string, schema: Schema, check: SchemaCheck) => string | undefined

/** Checks values against the schemas of an OpenAPI document. */
export class SchemaCheck {
  constructor(
    private readonly definitions: Definitions,
    /** `closed`: a property that the schema does not name is a fault even where the schema would allow it. */
    readonly closed: boolean,
  ) {}

  /** What is wrong with `value`, if anything. Throws on an unknown keyword. */
  faultOf(value: unknown, schema: Schema, at = "$"): string | undefined {
    for (const [keyword, operand] of Object.entries(schema)) {
      if (ANNOTATIONS.includes(keyword)) continue
      const rule = RULES[keyword]
      if (!rule) throw new Error(`unknown keyword ${keyword} at ${at}`)
      const fault = rule(value, operand as never, at, schema, this)
      if (fault) return fault
    }
    return undefined
  }

  resolve(reference: string): Schema {
    const schema = this.definitions[reference.replace("#/components/schemas/", "")]
    if (!schema) throw new Error(`${reference} leads nowhere`)
    return schema
  }
}

const RULES: Record<string, Rule> = {
  $ref: (value, reference: string, at, _, check) => check.faultOf(value, check.resolve(reference), at),
  type: (value, type: string, at) => (isOf(type, value) ? undefined : `${at} is not of type ${type}`),
  enum: (value, words: unknown[], at) => (words.includes(value) ? undefined : `${at} is not one of ${words}`),
  const: (value, word: unknown, at) => (value === word ? undefined : `${at} is not ${word}`),
  anyOf: (value, schemas: Schema[], at, _, check) =>
    schemas.some(schema => !check.faultOf(value, schema, at)) ? undefined : `${at} fits no alternative`,
  pattern: text((value, pattern: string) => new RegExp(pattern, "u").test(value)),
  format: text((value, format: string) => format === "date-time" && !Number.isNaN(Date.parse(value))),
  minLength: text((value, least: number) => [...value].length >= least),
  maxLength: text((value, most: number) => [...value].length <= most),
  minimum: number((value, least) => value >= least),
  maximum: number((value, most) => value <= most),
  minItems: list((value, least) => value.length >= least),
  maxItems: list((value, most) => value.length <= most),
  items: (value, schema: Schema, at, _, check) =>
    Array.isArray(value)
      ? firstFault(value.map((item, index) => check.faultOf(item, schema, `${at}[${index}]`)))
      : undefined,
  required: object((value, names: string[], at) => {
    const missing = names.find(name => !Object.hasOwn(value, name))
    return missing && `${at}.${missing} is missing`
  }),
  properties: object((value, properties: Record<string, Schema>, at, schema, check) => {
    const names = Object.keys(value)
    const extra = names.find(name => !Object.hasOwn(properties, name))
    if (extra !== undefined && check.closed && !("additionalProperties" in schema))
      return `${at}.${extra} is not documented`
    const known = names.filter(name => Object.hasOwn(properties, name))
    return firstFault(known.map(name => check.faultOf(value[name], properties[name]!, `${at}.${name}`)))
  }),
  additionalProperties: object((value, rule: Schema | boolean, at, { properties = {} }, check) => {
    const extra = Object.keys(value).filter(name => !Object.hasOwn(properties as object, name))
    if (rule === false) return extra[0] === undefined ? undefined : `${at}.${extra[0]} is not allowed`
    return rule === true ? undefined : firstFault(extra.map(name => check.faultOf(value[name], rule, `${at}.${name}`)))
  }),
}

function isOf(type: string, value: unknown): boolean {
  if (type === "null") return value === null
  if (type === "array") return Array.isArray(value)
  if (type === "integer") return Number.isInteger(value)
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value)
  return typeof value === type
}

function text<Operand>(holds: (value: string, operand: Operand) => boolean): Rule {
  return (value, operand: Operand, at) =>
    typeof value !== "string" || holds(value, operand) ? undefined : `${at} is not ${String(operand).slice(0, 60)}`
}

function number(holds: (value: number, operand: number) => boolean): Rule {
  return (value, operand: number, at) =>
    typeof value !== "number" || holds(value, operand) ? undefined : `${at} is beyond ${operand}`
}

function list(holds: (value: unknown[], operand: number) => boolean): Rule {
  return (value, operand: number, at) =>
    !Array.isArray(value) || holds(value, operand) ? undefined : `${at} has not ${operand} items`
}

function object<Operand>(
  rule: (
    value: Record<string, unknown>,
    operand: Operand,
    at: string,
    schema: Schema,
    check: SchemaCheck,
  ) => string | undefined,
): Rule {
  return (value, operand: Operand, at, schema, check) =>
    isOf("object", value) ? rule(value as Record<string, unknown>, operand, at, schema, check) : undefined
}

function firstFault(faults: (string | undefined)[]): string | undefined {
  return faults.find(fault => fault !== undefined)
}
