import type { QueryResult, QueryResultRow } from "pg"

/** One statement, which is a transaction of its own. */
export type Query = <Row extends QueryResultRow>(statement: string, values?: unknown[]) => Promise<QueryResult<Row>>
