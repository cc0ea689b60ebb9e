import { type Library, libraryOf } from "../../../src/stack/redis/protocol/library.ts"
import type { RedisServer } from "../../support/redis.ts"

const CALL = "call, match, gmatch, sub = redis.call,"

/** The library with a fault injected into one of its commands: the nth command of the next call. */
export function injectedLibrary(): Library {
  const library = libraryOf()
  const [head = "", ...rest] = library.text.split("\n")
  const text = rest.join("\n").replace(CALL, "call, match, gmatch, sub = injected(redis.call),")
  if (!text.includes("injected(redis.call)")) throw new Error("The library has no place to inject a fault.")
  return { ...library, text: [head, INJECTED, text, REGISTERED].join("\n") }
}

/** Raises a fault instead of the nth command from now; 0 for none. Returns the commands counted since the last time. */
export async function failAt(server: RedisServer, nth: number): Promise<number> {
  return Number(await server.command("FCALL", "fail_at", "0", String(nth)))
}

const INJECTED = `
local fail_at, given = 0, 0
local function injected(command)
  return function(...)
    given = given + 1
    if given == fail_at then error({ err = 'ERR injected' }, 0) end
    return command(...)
  end
end`

const REGISTERED = `
redis.register_function('fail_at', function(_, args)
  local before = given
  fail_at, given = tonumber(args[1]), 0
  return before
end)`
