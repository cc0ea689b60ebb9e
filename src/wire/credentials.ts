import { z } from "zod"
import { isId, Time } from "./common.ts"

export const Role = z.enum(["viewer", "operator", "owner"]).meta({
  id: "Role",
  description: "A viewer reads; an operator also steers sales and orders; an owner also makes and revokes credentials.",
})
export const Scope = z
  .enum(["orders:read", "orders:write", "sessions:mint", "sales:steer"])
  .meta({ id: "Scope", description: "What a shop's backend may do." })

const CredentialName = z
  .string()
  .refine(isId, "must be 1 to 64 of A-Z a-z 0-9 _ -")
  .refine(name => name !== "admin", "must not be admin, which is the holder of ADMIN_TOKEN")
  .meta({
    id: "CredentialName",
    description: "Names an operator or a shop's backend.",
    pattern: "^[A-Za-z0-9_-]{1,64}$",
  })

export const NewCredential = z
  .strictObject({
    name: CredentialName,
    role: Role.optional().meta({ description: "Makes an operator." }),
    scopes: z.array(Scope).min(1).max(Scope.options.length).optional().meta({ description: "Makes a shop's backend." }),
  })
  .refine(({ role, scopes }) => (role === undefined) !== (scopes === undefined), {
    path: ["role"],
    message: "must be given for an operator; for a backend, scopes",
  })
  .meta({ id: "NewCredential" })

const credential = {
  name: z.string(),
  role: Role.optional(),
  scopes: z.array(Scope).optional(),
  createdAt: Time,
  createdBy: z.string(),
}

export const Credential = z
  .object(credential)
  .meta({ id: "Credential", description: "An operator has a role, a shop's backend has scopes." })

export const MadeCredential = z
  .object({ ...credential, token: z.string().meta({ description: "It is shown only now." }) })
  .meta({ id: "MadeCredential" })

export const CredentialList = z.object({ credentials: z.array(Credential) }).meta({ id: "CredentialList" })

export const MintRequest = z
  .strictObject({
    sub: z
      .string()
      .min(1)
      .max(128)
      .meta({ description: "The shop's own name of its customer, such as an id or `auth0|x`." }),
    seconds: z.number().int().min(60).max(604_800).default(86_400).meta({ description: "How long the token is good." }),
  })
  .meta({ id: "MintRequest" })

export type MintRequest = z.infer<typeof MintRequest>
export type Role = z.infer<typeof Role>
export type Scope = z.infer<typeof Scope>
export type NewCredential = z.infer<typeof NewCredential>
export type Credential = z.infer<typeof Credential>
export type MadeCredential = z.infer<typeof MadeCredential>
export type CredentialList = z.infer<typeof CredentialList>
