import { LedgerFault } from "../../core/ports/ledger.ts"

type DatabaseError = Error & { code?: string }

/** Errors that only a person can resolve: settings, password, the database's name. */
const UNFIT: Record<string, string> = {
  "28P01": "it refuses the user or the password of LEDGER_URL",
  "28000": "it refuses the user of LEDGER_URL",
  "3D000": "there is no such database",
  "42501": "the user of LEDGER_URL may not do this",
}

/** Rows that contradict each other: the store's sales are not those of the ledger. */
const INTEGRITY = /^23/
/** Errors in our own statements. */
const OWN_ERROR = /^(0A|21|22|26|34|42)/

/** Why the ledger took nothing, in one sentence. Returns an error of our own making as it is. */
export function faultOf(error: unknown): Error {
  if (error instanceof LedgerFault || error instanceof TypeError) return error
  const { code, message } = error as DatabaseError
  const sqlState = code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
  if (sqlState === undefined)
    return new LedgerFault("away", `PostgreSQL cannot be reached: ${reason(error as DatabaseError)}.`)
  const unfit = UNFIT[sqlState]
  if (unfit) return new LedgerFault("unfit", `PostgreSQL cannot be used: ${unfit} (${message}).`)
  if (INTEGRITY.test(sqlState)) return new LedgerFault("conflict", `The ledger holds something else: ${message}.`)
  if (OWN_ERROR.test(sqlState)) return error as DatabaseError
  return new LedgerFault("away", `PostgreSQL cannot serve: ${message}.`)
}

function reason({ code, message }: DatabaseError): string {
  if (code === "ECONNREFUSED") return "nothing listens there"
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its host is unknown"
  return message || code || "no reason given"
}
