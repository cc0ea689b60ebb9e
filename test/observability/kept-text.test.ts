import { expect, test } from "bun:test"
import { keptText } from "../../src/observability/kept-text.ts"
import { FakeTime } from "../support/fake-time.ts"

function counting(time: FakeTime) {
  const made: string[] = []
  const text = keptText(
    1000,
    async () => {
      made.push(`text ${made.length + 1}`)
      return made.at(-1) ?? ""
    },
    time,
  )
  return { made, text }
}

test("within a second the same text is given, and those who ask at once share it", async () => {
  const time = new FakeTime()
  const { made, text } = counting(time)
  const [first, second] = await Promise.all([text(), text()])
  await time.advance(999)
  expect([second, await text()]).toEqual([first, first])
  expect(made).toEqual(["text 1"])
  await time.advance(1)
  expect(await text()).toEndWith("\ntext 2")
})

test("a text that could not be made is not kept", async () => {
  let isBroken = true
  const text = keptText(
    1000,
    () => (isBroken ? Promise.reject(new Error("away")) : Promise.resolve("here")),
    new FakeTime(),
  )
  expect(text()).rejects.toThrow("away")
  await Promise.resolve()
  isBroken = false
  await text().catch(() => {})
  expect(await text()).toEndWith("\nhere")
})

test("the first line says from when the text is", async () => {
  const time = new FakeTime()
  expect(await counting(time).text()).toBe(`# as of ${new Date(time.now()).toISOString()}\ntext 1`)
})
