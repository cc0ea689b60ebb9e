import { expect, test } from "bun:test"
import { sha1 } from "../../../src/runtime/sha1.ts"
import { LIBRARY_VERSION, libraryOf } from "../../../src/stack/redis/protocol/library.ts"

/** Of each version that was ever released. A server that runs one must never be given another under its name. */
const DIGESTS: Record<number, string> = {
  1: "1fd00922fdbb36685d3fb92f3550573a461158e0",
  2: "692d579a7c502864719a30e2ceaa7c6eae8c2e8c",
}

test("functions that change have another version", () => {
  expect({ [LIBRARY_VERSION]: sha1(libraryOf().text) }).toEqual({ [LIBRARY_VERSION]: DIGESTS[LIBRARY_VERSION]! })
})

test("two versions share no name", () => {
  const namesOf = (version: number) => {
    const { text, name, functionName } = libraryOf(version)
    expect(text.startsWith(`#!lua name=${name}\n`)).toBe(true)
    expect(text).not.toContain("@version@")
    return [name, functionName("reserve")]
  }
  const [one, other] = [namesOf(1), namesOf(2)]
  expect(one.filter(name => other.includes(name))).toEqual([])
})
