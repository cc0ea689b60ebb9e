import { type Answer, type Ask, ask } from "../../common/api.ts"
import { shut } from "./session.ts"

/** A request in the administrator's name. A session that is not believed any more leads back to the door. */
export async function admin<T>(path: string, how: Ask = {}): Promise<Answer<T>> {
  const answer = await ask<T>(`/api/v1/admin${path}`, how)
  if (answer.status === 401) shut()
  return answer
}

export const ofSale = (saleId: string, rest = "") => `/sales/${encodeURIComponent(saleId)}${rest}`
