import { generateKeyPairSync, sign } from "node:crypto"
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose"
import type { ShopKeySettings } from "../../../src/config/customers.ts"
import { encoded } from "../token.ts"

export type ShopAlgorithm = "RS256" | "ES256" | "EdDSA"

/** A shop that signs its customers' tokens itself and publishes its keys, as an identity provider does. */
export class Shop implements AsyncDisposable {
  readonly #keys = new Map<string, { alg: string; secret?: CryptoKey; jwk: JWK }>()
  /** How often the keys were read. */
  reads = 0
  /** Answers 500 instead of the keys. */
  isDown = false
  readonly #server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => {
      this.reads++
      const keys = [...this.#keys.values()].map(({ jwk }) => jwk)
      return this.isDown ? new Response("down", { status: 500 }) : Response.json({ keys })
    },
  })

  get url(): string {
    return `${this.#server.url.href}jwks.json`
  }

  /** As without settings about its tokens. */
  get settings(): ShopKeySettings {
    return { url: this.url, issuer: undefined, audience: "doorbuster", scope: undefined }
  }

  async addKey(kid: string, alg: ShopAlgorithm): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    this.#keys.set(kid, { alg, secret: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } })
  }

  /** An RSA key that jose would not make: it is short. Returns a token signed with it. */
  tokenOfShortKey(kid: string, bits: number): string {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits })
    const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" } as JWK
    this.#keys.set(kid, { alg: "RS256", jwk })
    const exp = Math.floor(Date.now() / 1000) + 3600
    const signed = `${encoded({ alg: "RS256", kid })}.${encoded({ sub: "auth0|ann", aud: "doorbuster", exp })}`
    return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`
  }

  /** Withdraws a key. Tokens can still be signed with it, as a thief would. */
  hide(kid: string): void {
    const key = this.#keys.get(kid)
    if (key) this.#keys.set(kid, { ...key, jwk: { kty: "oct", kid: `${kid}-gone`, k: "" } })
  }

  token(kid: string, claims: Record<string, unknown> = {}, named = kid): Promise<string> {
    const key = this.#keys.get(kid)
    if (!key?.secret) throw new Error(`The shop has no key ${kid}.`)
    const exp = Math.floor(Date.now() / 1000) + 3600
    return new SignJWT({ sub: "auth0|ann", aud: "doorbuster", exp, ...claims })
      .setProtectedHeader({ alg: key.alg, kid: named })
      .sign(key.secret)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop(true)
  }
}
