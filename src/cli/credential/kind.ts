/** How a kind of credential is called on the command line. */
export interface CredentialKind {
  name: "operator" | "backend"
  plural: string
}
