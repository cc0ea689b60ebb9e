import { type Answer, type Ask, ask } from "../common/api.ts"
import { leave, token } from "./token.ts"

/** A request in the administrator's name. A token that is not believed leads back to the door. */
export async function admin<T>(path: string, how: Ask = {}): Promise<Answer<T>> {
  const answer = await ask<T>(path, { ...how, headers: { authorization: `Bearer ${token.value}` } })
  if (answer.status === 401 || answer.status === 403) leave(true)
  return answer
}

export const ofSale = (saleId: string, rest: string) => `/api/v1/admin/sales/${encodeURIComponent(saleId)}/${rest}`
