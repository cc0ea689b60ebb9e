/** Markup that is safe to send: whatever was put into it has been escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | readonly Html[] | false | undefined

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }

/** A template whose values become text, never markup, unless they are `Html` themselves. */
export function html(literal: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(literal.reduce((text, piece, at) => text + rendered(parts[at - 1]) + piece))
}

function rendered(part: Part): string {
  if (part === undefined || part === false) return ""
  if (part instanceof Html) return part.text
  if (typeof part === "object") return part.map(rendered).join("")
  return String(part).replace(/[&<>"']/g, character => ESCAPES[character]!)
}
