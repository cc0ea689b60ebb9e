/**
 * Characters that are not seen but change what is: controls (C0, C1, DEL), line and paragraph separators, and those that turn
 * the direction of the text around them, with which a name can pass for another one.
 */
const UNSEEN = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** Whether every character of a name is what it looks like. */
export function isSeen(text: string): boolean {
  return text.search(UNSEEN) === -1
}

/** The text for a terminal, a calendar or a log, which would obey such characters. They are shown as JSON escapes them. */
export function visible(text: string): string {
  return text.replace(UNSEEN, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
}
