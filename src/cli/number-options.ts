import { InvalidArgumentError } from "commander"

/** Sockets of one process; a higher number meets the system's limit first. */
export const CONCURRENCY_MAX = 10_000
export const BUYERS_MAX = 10_000_000

/** Makes a reader of a whole number from 1 to `max`, for commander. */
export function wholeNumber(max: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^[0-9]+$/.test(text) || value < 1 || value > max) {
      throw new InvalidArgumentError(`Give a whole number from 1 to ${max}.`)
    }
    return value
  }
}

/** Makes a reader of a number above 0 and up to `max`, for commander. */
export function positiveNumber(max: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^[0-9]+(\.[0-9]+)?$/.test(text) || value <= 0 || value > max) {
      throw new InvalidArgumentError(`Give a number above 0 and up to ${max}.`)
    }
    return value
  }
}
