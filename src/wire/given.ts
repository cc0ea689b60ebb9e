import { minorDigits } from "./minor-units.ts"
import type { Money } from "./wire.ts"

// Reads what people type on a command line or into a form. Every reader takes plain digits only: no sign, space, exponent,
// hexadecimal or separator of thousands, and no empty text, which an unset shell variable leaves. What a reader does not
// take is undefined, never a guess.

const WHOLE = /^[0-9]{1,16}$/
const DECIMAL = /^[0-9]{1,16}(\.[0-9]{1,16})?$/

/** `100` -> 100, if it is within the bounds. */
export function wholeGiven(text: string, min: number, max: number): number | undefined {
  const value = WHOLE.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : undefined
}

/** `1.5` -> 1.5, if it is above 0 and not above `max`. */
export function positiveGiven(text: string, max: number): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN
  return value > 0 && value <= max ? value : undefined
}

/**
 * `149.00` in EUR -> 14900, in minor units. The text has exactly the decimals of the currency: `149` might be a price in
 * minor units, and `149.000` might be a hundred and forty-nine thousand.
 */
export function amountGiven(text: string, currency: string): number | undefined {
  const digits = minorDigits(currency)
  const form = digits === 0 ? /^[0-9]{1,16}$/ : new RegExp(`^[0-9]{1,15}\\.[0-9]{${digits}}$`)
  const amount = form.test(text) ? Number(text.replace(".", "")) : Number.NaN
  return Number.isSafeInteger(amount) ? amount : undefined
}

/** Money whose amount may be beyond what a number holds exactly. */
type Written = Omit<Money, "amount"> & { amount: number | string }

/** `149.00`: an amount as `amountGiven` reads it. */
export function amountText({ amount, currency }: Written): string {
  const digits = minorDigits(currency)
  const text = String(amount).padStart(digits + 1, "0")
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** `149.00 EUR`. */
export function moneyText(money: Written): string {
  return `${amountText(money)} ${money.currency}`
}

/** An amount in the form of the currency, for the sentence that says what would be right. */
export function amountExample(currency: string): string {
  return amountText({ amount: 149 * 10 ** minorDigits(currency), currency })
}
