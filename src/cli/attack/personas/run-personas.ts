import { systemTime } from "../../../runtime/time.ts"
import { CliError } from "../../cli-error.ts"
import { integer, milliseconds } from "../../format.ts"
import { columns, paint, type Screen } from "../../terminal.ts"
import { parseTarget } from "../http/target.ts"
import { findItem, findSale } from "../sale-reader.ts"
import { churn } from "./churn.ts"
import { guess } from "./guess.ts"
import { type Experience, honestBuyers } from "./honest-buyers.ts"
import { junk } from "./junk.ts"
import type { Damage, Persona, Scene } from "./persona.ts"
import { poison } from "./poison.ts"
import { slow } from "./slow.ts"
import { streams } from "./streams.ts"

const PERSONAS: Record<string, Persona> = { poison, churn, streams, junk, guess, slow }
/** What `--persona` takes, beside `all`. */
export const PERSONA_NAMES = Object.keys(PERSONAS)

/** An attack must not make the slowest of a hundred honest purchases slower than this many times what it is without. */
const SLOWER_MAX = 2
/** A difference below this is the noise of a busy machine. */
const NOISE_MS = 25

export interface PersonaOptions {
  url: string
  operatorsUrl?: string | undefined
  ownSystem: boolean
  personas: readonly string[]
  sale?: string | undefined
  sku?: string | undefined
  rate: number
  durationMs: number
  timeoutMs: number
  adminToken?: string | undefined
  signal: AbortSignal
}

/** How a system took an attack. */
export interface PersonaReport {
  personas: Record<string, Damage>
  /** Honest buyers without the attack and during it. */
  before: Experience
  during: Experience
  faults: string[]
  held: boolean
}

/** The personas that a text such as `poison,junk` or `all` names. Throws `CliError`. */
export function parsePersonas(text: string): string[] {
  const names = text === "all" ? PERSONA_NAMES : text.split(",")
  const unknown = names.find(name => !Object.hasOwn(PERSONAS, name))
  if (unknown === undefined) return [...new Set(names)]
  throw new CliError(`--persona takes ${PERSONA_NAMES.join(", ")} or all, not "${unknown}".`)
}

/** Lets honest buyers buy alone, then beside the personas, who attack at the same time. */
export async function runPersonas(options: PersonaOptions, time = systemTime): Promise<PersonaReport> {
  const { ownSystem, rate, adminToken, timeoutMs, durationMs } = options
  const target = parseTarget(options.url, ownSystem)
  const operators = parseTarget(options.operatorsUrl ?? options.url, ownSystem)
  const sale = await findSale(target, options.sale)
  const scene = { target, operators, sale, item: findItem(sale, options.sku), rate, adminToken, timeoutMs, time }
  const phase = (): Scene => {
    return { ...scene, signal: AbortSignal.any([options.signal, AbortSignal.timeout(durationMs)]) }
  }
  const before = await honestBuyers(phase())
  const during = phase()
  const [experience, ...damages] = await Promise.all([
    honestBuyers(during),
    ...options.personas.map(name => PERSONAS[name]!.attack(during)),
  ])
  const personas = Object.fromEntries(options.personas.map((name, at) => [name, damages[at]!]))
  const faults = [...damages.flatMap(damage => damage.faults), ...faultsOf(before, experience)]
  return { personas, before, during: experience, faults, held: faults.length === 0 }
}

function faultsOf(before: Experience, during: Experience): string[] {
  const faults = Object.entries(during.faults).map(
    ([what, count]) => `Honest buyers were answered ${what}, ${integer(count)} times.`,
  )
  if (during.answered === 0) faults.push("No honest buyer was answered.")
  if (during.p99 > Math.max(before.p99 * SLOWER_MAX, before.p99 + NOISE_MS)) {
    faults.push(
      `Honest buyers waited ${milliseconds(during.p99)} (p99), and ${milliseconds(before.p99)} without the attack.`,
    )
  }
  return faults
}

/** The report for the terminal. */
export function personaSummary({ personas, before, during, faults, held }: PersonaReport, screen: Screen): string[] {
  const honest = ({ answered, p50, p99 }: Experience): string =>
    `${integer(answered)} answered, p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`
  const rows: [string, string][] = [
    ...Object.entries(personas).map(([name, { did }]): [string, string] => [name, did]),
    ["honest before", honest(before)],
    ["honest during", honest(during)],
  ]
  const verdict = held
    ? paint(screen, "green", "HELD.")
    : ["NOT HELD.", ...faults].map(line => paint(screen, "red", line))
  return [...columns(rows), "", ...[verdict].flat()]
}
