import { type ApiResponse, type RequestOptions, request } from "../../common/api.ts"
import { endSession } from "./session.ts"

/** Sends a request with the administrator's session. A response of 401 leads back to the sign-in page. */
export async function adminRequest<T>(path: string, options: RequestOptions = {}): Promise<ApiResponse<T>> {
  const response = await request<T>(`/api/v1/admin${path}`, options)
  if (response.status === 401) endSession()
  return response
}

export const salePath = (saleId: string, rest = "") => `/sales/${encodeURIComponent(saleId)}${rest}`
