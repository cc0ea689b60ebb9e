-- One purchase per request, each with its customer's token and a key of its own, as one buyer's page would send it.
--   args  1 prefix of the files of tokens, one file per thread    2 body    3 prefix of the keys
--         4 "once" ends a thread at its file's end; "again" starts the file over
--         5 of sales, if there are several: each attempt goes to the next, whose number takes the place of @ in the path
-- The answers are not looked at one by one: wrk counts those above 399 itself, and a function per answer halves its speed.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local tokens, name, tail, key, once
local heads = {}
local sent = 0

function init(args)
  name = args[1] .. "-" .. number .. ".txt"
  tokens = assert(io.open(name))
  key = args[3] .. number .. "-"
  once = args[4] == "once"
  for number = 1, tonumber(args[5] or 1) do
    heads[number] = "POST " .. wrk.path:gsub("@", number) .. " HTTP/1.1\r\nHost: " .. wrk.host ..
      "\r\nContent-Type: application/json\r\nContent-Length: " .. #args[2] .. "\r\nAuthorization: Bearer "
  end
  tail = "\r\n\r\n" .. args[2]
end

function request()
  local token = tokens:read("*l")
  if not token then
    if once then wrk.thread:stop() end
    tokens:seek("set")
    token = tokens:read("*l")
  end
  sent = sent + 1
  return heads[sent % #heads + 1] .. token .. "\r\nIdempotency-Key: " .. key .. sent .. tail
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"microseconds":%d,"answers":%d,"above399":%d,"broken":%d,"p50":%d,"p99":%d,"max":%d}\n',
    summary.duration, summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
