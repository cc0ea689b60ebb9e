import { X509Certificate } from "node:crypto"
import { readFileSync } from "node:fs"

/** A setting that cannot be used. The message is one sentence for the person who set it. */
export class ConfigError extends Error {
  override name = "ConfigError"
}

export type Env = Record<string, string | undefined>

export function integer(env: Env, name: string, fallback: number, min: number, max: number): number {
  const text = env[name]
  if (!text) return fallback
  const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new ConfigError(`${name} is ${JSON.stringify(text)}, but must be a whole number from ${min} to ${max}.`)
}

/** Reads a number from 0 to 1. */
export function share(env: Env, name: string, fallback: number): number {
  const text = env[name]
  if (!text) return fallback
  const value = /^[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : Number.NaN
  if (value >= 0 && value <= 1) return value
  throw new ConfigError(`${name} is ${JSON.stringify(text)}, but must be a number from 0 to 1.`)
}

export function oneOf(env: Env, name: string, words: string[], fallback: string): string {
  const text = env[name] || fallback
  if (words.includes(text)) return text
  throw new ConfigError(`${name} is ${JSON.stringify(text)}, but must be one of ${words.join(", ")}.`)
}

export function matching(env: Env, name: string, pattern: RegExp): string | undefined {
  const text = env[name]
  if (!text || pattern.test(text)) return text || undefined
  throw new ConfigError(`${name} is ${JSON.stringify(text)}, but must match ${pattern.source}.`)
}

/** Reads a secret from `NAME`, or from the file that `NAME_FILE` names. No message repeats it. */
export function secret(env: Env, name: string, bytesMin: number): string | undefined {
  const file = env[`${name}_FILE`]
  if (file && env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set; only one of them may be.`)
  const text = file ? textOf(`${name}_FILE`, file) : env[name]
  if (!text && !file) return undefined
  const bytes = Buffer.byteLength(text ?? "")
  if (bytes >= bytesMin) return text
  const holder = file ? `${name}_FILE ${file}` : name
  throw new ConfigError(`${holder} has ${bytes} bytes, but must have ${bytesMin} or more.`)
}

/** Reads the certificates, in PEM, of the file that a setting names. */
export function certificates(env: Env, name: string): string | undefined {
  const file = env[name]
  if (!file) return undefined
  const text = textOf(name, file)
  if (isCertificate(text)) return text
  throw new ConfigError(`${name} ${file} has no certificate in PEM (-----BEGIN CERTIFICATE-----).`)
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0
  } catch {
    return false
  }
}

function textOf(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim()
  } catch (error) {
    throw new ConfigError(`${name} ${file} cannot be read: ${(error as Error).message}.`)
  }
}
