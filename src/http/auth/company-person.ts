import { ROLES, type Role } from "../../core/ports/credentials.ts"

/** Names for the logbook: nothing that is unseen, and nothing longer than a line. */
const NAME = /^[\w.@+|:/-]{1,100}$/

/** What became of a sign-in with a company account. `reason` is for the log. */
export type CompanySignIn =
  | { kind: "person"; name: string; role: Role; subject: string }
  /** The provider knows this person, but none of the groups has a role. */
  | { kind: "no_role"; name: string }
  /** The answer is not one to this browser's attempt, or not the provider's. */
  | { kind: "refused"; reason: string }
  | { kind: "down"; reason: string }

/** Whom the claims of an ID token name, with the highest role of their groups. */
export function personOf(
  { sub, groups, preferred_username, email }: Record<string, unknown>,
  roles: ReadonlyMap<string, Role>,
): CompanySignIn {
  const list: unknown[] = Array.isArray(groups) ? groups : [groups]
  const had = list.flatMap(group => (typeof group === "string" ? (roles.get(group) ?? []) : []))
  const role = ROLES.findLast(one => had.includes(one))
  const shown = [preferred_username, email, sub].find((one): one is string => typeof one === "string" && NAME.test(one))
  if (shown === undefined) return { kind: "refused", reason: "the account has no name that can be shown" }
  // No token's holder can have a name with a colon, so nobody is taken for one.
  const name = `oidc:${shown}`
  return role ? { kind: "person", name, role, subject: String(sub) } : { kind: "no_role", name }
}
