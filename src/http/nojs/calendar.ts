import type { Sale } from "../../core/sale.ts"
import { visible } from "../../wire/text.ts"

const LINE_BYTES_MAX = 75
/** The appointment ends after this time, or with the sale if that is earlier. */
const LENGTH_MS = 15 * 60_000

/** The opening as an appointment (iCalendar, RFC 5545), with a reminder five minutes before. */
export function calendarFile(sale: Sale, url: string, now: number): string {
  const { id, name, opensAt, closesAt = opensAt + LENGTH_MS } = sale
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Doorbuster//Launch//EN",
    "BEGIN:VEVENT",
    `UID:${id}@${new URL(url).host}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(opensAt)}`,
    `DTEND:${stamp(Math.min(closesAt, opensAt + LENGTH_MS))}`,
    `SUMMARY:${escaped(name)}`,
    `URL:${url}`,
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${escaped(name)}`,
    "TRIGGER:-PT5M",
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
  ]
  return lines.map(line => `${folded(line)}\r\n`).join("")
}

/** As iCalendar writes a time: 20260901T120000Z. */
function stamp(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")
}

function escaped(text: string): string {
  return visible(text).replace(/[\\;,]/g, character => `\\${character}`)
}

/** Splits lines that are longer than 75 bytes between characters. Each line that continues one begins with a space. */
function folded(line: string): string {
  const rows: string[] = []
  let row = ""
  for (const character of line) {
    if (Buffer.byteLength(row + character) > LINE_BYTES_MAX) {
      rows.push(row)
      row = " "
    }
    row += character
  }
  return [...rows, row].join("\r\n")
}
