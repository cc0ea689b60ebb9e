-- The list of sales. One node keeps it, wherever the sales themselves are. It has a gate of its own, so that a store that
-- lost everything is not mistaken for a new one.
-- keys   1 numbers: sale -> number, followed by `+` once the sale was created   2 count and mark of the list
-- reply  { nonce, "ok", ... } | { nonce, "closed" }

local list_gate = nil

-- The mark is read also while the gate is closed: the server tells a client of changes only to what it has read.
local function list_open(keys)
  local mark = call('HGET', keys[2], 'mark')
  return list_gate ~= nil and mark == list_gate
end

-- args nonce, sale. Gives the sale a number, unless it has one.
local function number_sale(keys, args)
  if not list_open(keys) then return { args[1], 'closed' } end
  local known = call('HGET', keys[1], args[2])
  if known then return { args[1], 'ok', known } end
  local count = format('%d', (tonumber(call('HGET', keys[2], 'count') or 0) + 1))
  call('HSET', keys[1], args[2], count)
  call('HSET', keys[2], 'count', count)
  return { args[1], 'ok', count }
end

-- args nonce, sale, number. Notes that the sale exists. If it is ever missing, it was lost.
local function enlist(keys, args)
  local count = tonumber(call('HGET', keys[2], 'count') or 0)
  call('HSET', keys[1], args[2], args[3] .. '+')
  call('HSET', keys[2], 'count', format('%d', max(count, tonumber(args[3]))))
  return { args[1], 'ok' }
end

-- args nonce, a new mark. Opens the list's gate.
local function open_list(keys, args)
  call('HSET', keys[2], 'mark', args[2])
  list_gate = args[2]
  return { args[1], 'ok' }
end

-- args nonce. The reply is "ok" if the list is complete, "closed" if it may not be.
local function list_sales(keys, args)
  return { args[1], list_open(keys) and 'ok' or 'closed', unpack(call('HGETALL', keys[1])) }
end
