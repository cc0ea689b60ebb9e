import { expect, test } from "bun:test"
import { isSeen, visible } from "../../src/wire/text.ts"

test.each([
  ["a colour for a terminal", "red\x1b[31m", "red\\u001b[31m"],
  ["a control sequence of one byte", "x\x9b2J", "x\\u009b2J"],
  ["a line break", "a\r\nb", "a\\u000d\\u000ab"],
  ["a change of direction", "invoice\u202Efdp.exe", "invoice\\u202efdp.exe"],
  ["an isolate", "\u2067abc\u2069", "\\u2067abc\\u2069"],
  ["a line separator", "a\u2028b", "a\\u2028b"],
])("given %s, the text is no name, and is shown escaped", (_, text, shown) => {
  expect(isSeen(text)).toBe(false)
  expect(visible(text)).toBe(shown)
})

test.each(["iPhone 17 Pro Max", "Schuhgröße 42", "حذاء", "靴", "👩‍🚀 e\u0301"])(
  "given %s, it is a name and is shown as it is",
  name => {
    expect(isSeen(name)).toBe(true)
    expect(visible(name)).toBe(name)
  },
)
