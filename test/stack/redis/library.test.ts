import { expect, test } from "bun:test"
import { sha1 } from "../../../src/runtime/sha1.ts"
import { CODES, codeName } from "../../../src/stack/redis/protocol/codes.ts"
import { FUNCTION_NAMES, LIBRARY_VERSION, libraryOf } from "../../../src/stack/redis/protocol/library.ts"

/** The digest of each released version. A released version must never change, because servers may still run it. */
const DIGESTS: Record<number, string> = {
  1: "1fd00922fdbb36685d3fb92f3550573a461158e0",
  2: "b455abb646b051d5b935d8f0fe977fa125e9f9ae",
  3: "de0a03899648e884d1a8323192a9d149acfacd67",
  4: "b3fb45b074b2bc90f2f79b551f17a35d65cfe616",
}

test("given changed functions, their version differs", () => {
  expect({ [LIBRARY_VERSION]: sha1(libraryOf().text) }).toEqual({ [LIBRARY_VERSION]: DIGESTS[LIBRARY_VERSION]! })
})

test("two versions have no function name in common", () => {
  const namesOf = (version: number) => {
    const { text, name, functionName } = libraryOf(version)
    expect(text.startsWith(`#!lua name=${name}\n`)).toBe(true)
    expect(text).not.toContain("@version@")
    return [name, functionName("reserve")]
  }
  const [one, other] = [namesOf(1), namesOf(2)]
  expect(one.filter(name => other.includes(name))).toEqual([])
})

test("every function that the code calls is registered, and no other", () => {
  const { text } = libraryOf()
  const registered = [...text.matchAll(/^register\('(\w+)', (\w+)/gm)].map(([, name, callee]) => [name, callee])
  expect(registered).toEqual(FUNCTION_NAMES.map(name => [name, name]))
  for (const name of FUNCTION_NAMES) expect(text).toMatch(new RegExp(`^local (function )?${name}\\b`, "m"))
})

test("each code has one letter, and the functions answer only with letters of the table", async () => {
  const letters = Object.values<string>(CODES)
  expect(new Set(letters).size).toBe(letters.length)
  expect(letters.every(letter => letter.length === 1)).toBe(true)
  const folder = new URL("../../../src/stack/redis/lua/", import.meta.url).pathname
  const sources = await Promise.all(
    [...new Bun.Glob("*.lua").scanSync(folder)].map(file => Bun.file(folder + file).text()),
  )
  const named = new Set([...sources.join("\n").matchAll(/'@(\w+)@'/g)].map(([, name]) => name!))
  expect([...named].sort()).toEqual(Object.keys(CODES).sort())
})

test("a code that is not in the table throws", () => {
  expect(() => codeName("?")).toThrow('The store answered with the unknown code "?".')
  expect(() => codeName(undefined)).toThrow("unknown code")
})
