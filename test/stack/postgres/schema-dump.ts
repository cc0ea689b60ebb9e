import pg from "pg"

/** Everything that a migration may create, in a form that does not depend on the version of PostgreSQL or its tools. */
const TABLES = `SELECT c.relname AS name FROM pg_class c
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`
const COLUMNS = `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
    pg_get_expr(d.adbin, d.adrelid) AS fallback
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`
/** PostgreSQL 18 lists NOT NULL as a constraint, earlier versions do not. The dump has it at the column. */
const CONSTRAINTS = `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
  WHERE conrelid = $1::regclass AND contype <> 'n' ORDER BY contype DESC, conname`
const INDEXES = `SELECT pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
  WHERE i.indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid) ORDER BY 1`

interface Column {
  name: string
  type: string
  required: boolean
  fallback: string | null
}

/** The schema of a database as the SQL that creates it. */
export async function dumpSchema(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const rows = async <Row extends object>(sql: string, table?: string) =>
    (await client.query<Row>(sql, table === undefined ? [] : [table])).rows
  try {
    const parts: string[] = []
    for (const { name } of await rows<{ name: string }>(TABLES)) {
      const columns = (await rows<Column>(COLUMNS, name)).map(columnLine)
      const constraints = await rows<{ name: string; definition: string }>(CONSTRAINTS, name)
      const lines = [...columns, ...constraints.map(each => `CONSTRAINT ${each.name} ${each.definition}`)]
      const indexes = await rows<{ definition: string }>(INDEXES, name)
      parts.push(`CREATE TABLE ${name} (\n  ${lines.join(",\n  ")}\n);`, ...indexes.map(each => `${each.definition};`))
    }
    return `-- Made by scripts/schema.ts from a database to which every migration was applied. Not to be edited.\n\n${parts.join("\n\n")}\n`
  } finally {
    await client.end()
  }
}

function columnLine({ name, type, required, fallback }: Column): string {
  return `${name} ${type}${required ? " NOT NULL" : ""}${fallback === null ? "" : ` DEFAULT ${fallback}`}`
}
