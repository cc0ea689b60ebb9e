import { type ApiResponse, type RequestOptions, request } from "../../common/api.ts"
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

export const salePath = (saleId: string, rest = "") => `/sales/${encodeURIComponent(saleId)}${rest}`
