import type { QueryResult, QueryResultRow } from "pg"

/** One statement, which is a transaction of its own. One with a name is prepared once on each connection. */
export type Query = <Row extends QueryResultRow>(
  statement: string | { name: string; text: string },
  values?: unknown[],
) => Promise<QueryResult<Row>>
