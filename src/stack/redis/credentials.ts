import {
  CREDENTIALS_MAX,
  type Credential,
  type CredentialStore,
  type EndedSession,
  withEnded,
} from "../../core/ports/credentials.ts"
import type { Send } from "./node-registry.ts"

const CREDENTIALS = "{fleet}:credentials"
const ENDED = "{fleet}:ended-sessions"

/** Credentials and ended sessions, shared by all replicas of a stack. A store that was wiped has none: only ADMIN_TOKEN is left. */
export class RedisCredentials implements CredentialStore {
  constructor(private readonly send: Send) {}

  async credentials(): Promise<{ credentials: Credential[]; ended: EndedSession[] }> {
    const [credentials, ended] = await Promise.all([this.#values<Credential>(CREDENTIALS), this.#ended()])
    return { credentials, ended }
  }

  async addCredential(credential: Credential): Promise<"added" | "exists" | "full"> {
    const count = (await this.send(CREDENTIALS, "HLEN", CREDENTIALS)) as number
    if (count >= CREDENTIALS_MAX) return "full"
    const { name } = credential
    const isNew = await this.send(CREDENTIALS, "HSETNX", CREDENTIALS, name, JSON.stringify(credential))
    return isNew === 1 ? "added" : "exists"
  }

  async revokeCredential(name: string): Promise<boolean> {
    return (await this.send(CREDENTIALS, "HDEL", CREDENTIALS, name)) === 1
  }

  async endSession(session: EndedSession, now: number): Promise<void> {
    // The session is added first: whatever is removed afterwards has ended, or is covered by an entry that was added.
    const before = await this.#ended()
    const after = withEnded(before, session, now)
    for (const one of after) {
      if (!before.some(({ id, until }) => id === one.id && until === one.until)) {
        await this.send(ENDED, "HSET", ENDED, one.id, JSON.stringify(one))
      }
    }
    const old = before.map(({ id }) => id).filter(id => !after.some(one => one.id === id))
    if (old.length > 0) await this.send(ENDED, "HDEL", ENDED, ...old)
  }

  #ended(): Promise<EndedSession[]> {
    return this.#values(ENDED)
  }

  async #values<Value>(key: string): Promise<Value[]> {
    const texts = (await this.send(key, "HVALS", key)) as string[]
    return texts.map(text => JSON.parse(text) as Value)
  }
}
