/** A table of Markdown. */
export function table(heads: string[], rows: string[][]): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`
  return [row(heads), row(heads.map(() => "---")), ...rows.map(row)].join("\n")
}
