import { InvalidArgumentError } from "commander"

/** How many sockets one process opens. The system's own limit is usually lower than a higher number. */
export const CONCURRENCY_MAX = 10_000
export const BUYERS_MAX = 10_000_000

/** Returns a parser for commander that accepts a whole number from 1 to `max`. */
export function wholeNumber(max: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^[0-9]+$/.test(text) || value < 1 || value > max) {
      throw new InvalidArgumentError(`Give a whole number from 1 to ${max}.`)
    }
    return value
  }
}

/** Returns a parser for commander that accepts a number above 0 and up to `max`. */
export function positiveNumber(max: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^[0-9]+(\.[0-9]+)?$/.test(text) || value <= 0 || value > max) {
      throw new InvalidArgumentError(`Give a number above 0 and up to ${max}.`)
    }
    return value
  }
}

/** Parses a time such as 500ms or 2s, from 50 milliseconds to 10 minutes. */
export function milliseconds(text: string): number {
  const [, number, unit] = /^([0-9]+(?:\.[0-9]+)?)(ms|s)$/.exec(text) ?? []
  const value = Number(number) * (unit === "s" ? 1000 : 1)
  if (!(value >= 50 && value <= 600_000)) throw new InvalidArgumentError("Give a time from 50ms to 600s.")
  return value
}
