-- The list of sales: one node knows it, wherever the sales themselves are. It has a gate of its own, so that a store
-- that lost everything is not taken for a new one.
-- keys   1 numbers: sale -> number, `+` behind it once the sale was seen   2 what the list is
-- reply  { nonce, "ok", ... } | { nonce, "closed" }

local list_gate = nil

local function list_open(keys)
  return list_gate ~= nil and call('HGET', keys[2], 'mark') == list_gate
end

-- args nonce, sale. Gives the sale its number, once.
local function number_sale(keys, args)
  if not list_open(keys) then return { args[1], 'closed' } end
  local known = call('HGET', keys[1], args[2])
  if known then return { args[1], 'ok', known } end
  local count = format('%d', (tonumber(call('HGET', keys[2], 'count') or 0) + 1))
  call('HSET', keys[1], args[2], count)
  call('HSET', keys[2], 'count', count)
  return { args[1], 'ok', count }
end

-- args nonce, sale, number. The sale exists: should it ever be missing, it was lost.
local function enlist(keys, args)
  local count = tonumber(call('HGET', keys[2], 'count') or 0)
  call('HSET', keys[1], args[2], args[3] .. '+')
  call('HSET', keys[2], 'count', format('%d', max(count, tonumber(args[3]))))
  return { args[1], 'ok' }
end

-- args nonce, a mark that was never used.
local function open_list(keys, args)
  call('HSET', keys[2], 'mark', args[2])
  list_gate = args[2]
  return { args[1], 'ok' }
end

-- args nonce. Also says whether the list may be trusted to be complete.
local function list_sales(keys, args)
  return { args[1], list_open(keys) and 'ok' or 'closed', unpack(call('HGETALL', keys[1])) }
end
