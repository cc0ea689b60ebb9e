export interface Address {
  host: string
  port: number
}

/** False: plain. Otherwise a server is accepted only if its certificate is valid for its host and signed by an authority of `ca`. */
export type Tls = false | { ca: string | undefined }

/** What a server asks a client to log in with; both absent where it asks for nothing. */
export interface StoreCredentials {
  username?: string
  password?: string
}
