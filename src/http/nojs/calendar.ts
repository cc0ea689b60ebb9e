import type { Sale } from "../../core/sale.ts"

const LINE_BYTES_MAX = 75
/** How long the appointment lasts where the sale has no end. */
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

/** 20260901T120000Z */
function stamp(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, character => `\\${character}`).replace(/\r?\n|\r/g, "\\n")
}

/** No line may be longer than 75 bytes; what goes on begins with a space. No character is cut in two. */
function folded(line: string): string {
  const rows: string[] = [""]
  for (const character of line) {
    const row = rows.at(-1)! + character
    if (Buffer.byteLength(row) > LINE_BYTES_MAX) rows.push(` ${character}`)
    else rows[rows.length - 1] = row
  }
  return rows.join("\r\n")
}
