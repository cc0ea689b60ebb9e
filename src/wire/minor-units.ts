/** Decimal digits of each currency (ISO 4217) that has not two. `Intl` is not asked, because engines disagree: to some, IDR has none. */
const DIGITS: Record<string, number> = {
  ...{ BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, VND: 0, VUV: 0 },
  ...{ XAF: 0, XOF: 0, XPF: 0, BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3 },
}

/** Decimal digits of an amount in this currency. One unit of it is 10 to this power minor units. */
export function minorDigits(currency: string): number {
  return DIGITS[currency] ?? 2
}
