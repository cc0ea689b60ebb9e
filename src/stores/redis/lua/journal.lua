-- The journal: one fact per transition, chained by hash; one stream entry per call, so that a batch costs one XADD.

-- Moves units between the counters of an item. What would break free + held + sold = total stops the call, unwritten.
local function move(item, free, held, sold)
  local f, h, s = item.free + free, item.held + held, item.sold + sold
  if f < 0 or h < 0 or s < 0 or f + h + s ~= item.total then error('CONSERVATION ' .. item.sku, 0) end
  item.free, item.held, item.sold = f, h, s
end

local NO_ORDER = '||||||||'

-- `subject` holds what the fact is about: sku|order|customer|key|quantity|amount|currency|payBefore|reason.
-- The text that is hashed is that of core/fact.ts, byte for byte.
local function append(sale, kind, subject, item, terms)
  local seq = sale.seq + 1
  local stock = item and format('%d|%d|%d', item.free, item.held, item.sold) or '||'
  local body = concat({ '', sale.id, format('%d', seq), sale.clock, kind, subject, stock, terms or '' }, '|')
  local hash = redis.sha1hex(sale.hash .. body)
  sale.facts[#sale.facts + 1] = hash .. body
  sale.seq, sale.hash, sale.at = seq, hash, sale.clock
end

local function write(sale, keys)
  if #sale.facts == 0 then
    if sale.writes then call('HINCRBY', keys[1], 'calls', 1) end
    return
  end
  -- The journal comes first: what follows can be made again from it.
  call('XADD', keys[5], format('%d-0', sale.seq), 'facts', concat(sale.facts, '\n'))
  local customers = {}
  for customer, packed in pairs(sale.touched) do
    customers[#customers + 1] = customer
    customers[#customers + 1] = packed
  end
  if #customers > 0 then call('HSET', keys[2], unpack(customers)) end
  if #sale.created > 0 then call('HSET', keys[3], unpack(sale.created)) end
  if #sale.kept > 0 then call('ZADD', keys[4], unpack(sale.kept)) end
  if #sale.paid > 0 then call('ZREM', keys[4], unpack(sale.paid)) end
  call('HSET', keys[1], 'seq', format('%d', sale.seq), 'hash', sale.hash, 'at', sale.at, 'stock',
    pack_stock(sale.items), unpack(sale.changes))
end

-- Nothing here can fail unless someone has meddled with the keys; then the sale stops until it has been recovered.
local function commit(sale, keys)
  local done, fault = pcall(write, sale, keys)
  if done then return nil end
  gate[sale.id] = nil
  return redis.error_reply('TORN ' .. (type(fault) == 'table' and fault.err or tostring(fault)))
end
