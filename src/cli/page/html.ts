/** A piece of a page. Whatever is put into one is escaped, unless it is a piece itself. */
export class Html {
  constructor(readonly text: string) {}
}

type Inserted = Html | readonly Html[] | string | number

/** html`<p>${name}</p>`: markup with `name` as text. */
export function html(parts: TemplateStringsArray, ...inserted: Inserted[]): Html {
  return new Html(parts.map((part, at) => part + (at < inserted.length ? textOf(inserted[at]!) : "")).join(""))
}

function textOf(value: Inserted): string {
  if (value instanceof Html) return value.text
  if (typeof value === "object") return value.map(textOf).join("\n")
  return escaped(String(value))
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
}
