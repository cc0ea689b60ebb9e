import { type ApiResponse, newKey, type RequestOptions, request } from "../../common/api.ts"
import { backoffMs, sleep } from "../../common/time.ts"
import { words } from "../words/words.ts"
import { endSession } from "./session.ts"
import { addLogLine } from "./state.ts"

/** Why an action of the administrator failed. */
export interface ActionError {
  message: string
  /** The path of the field that is wrong, as the server names it. */
  path?: string | undefined
}

/** The error that a response stands for; undefined if the action succeeded. */
export function errorOf({ status, problem }: ApiResponse<unknown>): ActionError | undefined {
  if (problem?.code === "version_conflict") return { message: words.value.versionConflict }
  if (problem) return { message: problem.detail, path: problem.path }
  return status === 0 || status >= 400 ? { message: words.value.noAnswer } : undefined
}

/** Writes an error that no dialog shows into the log. */
export function logError(error: ActionError | undefined): void {
  if (error) addLogLine(error.message, "bad")
}

/** Sends a request with the administrator's session. A response of 401 leads back to the sign-in page. */
export async function adminRequest<T>(path: string, options: RequestOptions = {}): Promise<ApiResponse<T>> {
  const response = await request<T>(`/api/v1/admin${path}`, options)
  if (response.status === 401) endSession()
  return response
}

const TRIES_MAX = 3

/** Sends a command under a key of its own, and again if it is unknown whether it took effect: it does so once. */
export async function adminCommand<T>(path: string, options: RequestOptions): Promise<ApiResponse<T>> {
  const headers = { ...options.headers, "Idempotency-Key": newKey() }
  for (let tries = 1; ; tries++) {
    const response = await adminRequest<T>(path, { ...options, headers })
    const isOpen = response.status === 0 || response.status === 503
    if (!isOpen || tries === TRIES_MAX) return response
    await sleep(backoffMs(tries, response.retryAfterMs))
  }
}

export const salePath = (saleId: string, rest = "") => `/sales/${encodeURIComponent(saleId)}${rest}`
