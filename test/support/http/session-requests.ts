import type { Session } from "../../../src/wire/wire.ts"
import { eventually } from "../eventually.ts"
import type { Site } from "../site.ts"

/** Sends what is given. `Site.request` would name every body JSON. */
export const send = (at: Site, path: string, init: RequestInit = {}): Promise<Response> => fetch(at.url + path, init)

export const openSession = (at: Site, headers: Record<string, string> = {}): Promise<Response> =>
  send(at, "/api/v1/sessions", { method: "POST", headers })

export async function sessionIn(response: Response): Promise<Session> {
  return (await response.json()) as Session
}

export const cookiesOf = (response: Response): string[] => response.headers.getSetCookie()

/** The cookies of a response as the browser sends them back. */
export function cookieHeader(response: Response): string {
  return cookiesOf(response)
    .map(cookie => cookie.split(";")[0])
    .join("; ")
}

export function form(fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit {
  const type = { "Content-Type": "application/x-www-form-urlencoded" }
  return { method: "POST", redirect: "manual", body: new URLSearchParams(fields), headers: { ...type, ...headers } }
}

/** A replica shows a new sale a moment after its creation was answered. */
export function isShown(at: Site, id: string): Promise<boolean> {
  return eventually(`the sale ${id} is shown`, async () => (await send(at, `/sales/${id}/calendar.ics`)).ok)
}
