/** Spreadsheets calculate a cell that begins so. */
const FORMULA = /^[=+\-@\t\r\n]/
/** A number that would lose its first zeros, become a power of ten, or be rounded after 15 digits. */
const NUMBER = /^(?:0\d+|\d{16,}|\d+(?:\.\d*)?e-?\d+)$/i
const MONTH = "(?:jan|feb|mar|mrz|apr|may|mei|mai|jun|jul|aug|agu|agt|sep|oct|okt|nov|dec|des|dez)[a-z]*"
/** `1-2`, `2024-01-02`, `1-MAR`, `MAR1-2024`, and hours such as `10P`. */
const DATE = new RegExp(
  `^(?:\\d{1,4}[-_]\\d{1,2}(?:[-_]\\d{1,4})?|\\d{1,4}[-_]?${MONTH}.*|${MONTH}[-_]?\\d.*|\\d{1,2}[ap]m?)$`,
  "i",
)
const TRUTH = /^(?:true|false)$/i

/**
 * The text for a cell of a spreadsheet. One that a spreadsheet would take for a formula, a date, a truth value or another
 * number gets an apostrophe in front, so that it stays text.
 */
export function sheetText(text: string): string {
  return [FORMULA, NUMBER, DATE, TRUTH].some(form => form.test(text)) ? `'${text}` : text
}
