import {
  CREDENTIALS_MAX,
  type Credential,
  type CredentialStore,
  type EndedSession,
  withEnded,
} from "../core/ports/credentials.ts"
import { JsonFile } from "./json-file.ts"

interface Kept {
  credentials: Credential[]
  ended: EndedSession[]
}

/** Credentials and ended sessions in a file of the supervisor. The tokens' digests are in it, and no token. */
export class FileCredentials implements CredentialStore {
  readonly #file: JsonFile<Kept>

  /** Throws if the file cannot be read: a lost list of ended sessions would open them again. */
  constructor(file: string) {
    this.#file = new JsonFile<Kept>(file, { credentials: [], ended: [] }, isKept, () => {
      throw new Error(`${file} cannot be read; delete it, then make the operators again.`)
    })
  }

  async credentials(): Promise<Kept> {
    return this.#file.value
  }

  async addCredential(credential: Credential): Promise<"added" | "exists" | "full"> {
    const { credentials, ended } = this.#file.value
    if (credentials.some(({ name }) => name === credential.name)) return "exists"
    if (credentials.length >= CREDENTIALS_MAX) return "full"
    this.#file.set({ credentials: [...credentials, credential], ended })
    return "added"
  }

  async revokeCredential(name: string): Promise<boolean> {
    const { credentials, ended } = this.#file.value
    const rest = credentials.filter(one => one.name !== name)
    if (rest.length === credentials.length) return false
    this.#file.set({ credentials: rest, ended })
    return true
  }

  async endSession(session: EndedSession, now: number): Promise<void> {
    const { credentials, ended } = this.#file.value
    this.#file.set({ credentials, ended: withEnded(ended, session, now) })
  }
}

function isKept(read: unknown): read is Kept {
  const { credentials, ended } = (read ?? {}) as Partial<Kept>
  return Array.isArray(credentials) && Array.isArray(ended)
}
