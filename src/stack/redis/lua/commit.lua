-- The only place that writes what was decided.

local function write(sale, keys)
  local facts, customers = sale.facts, sale.customers
  if #facts == 0 then
    if sale.writes then call('HINCRBY', keys[1], 'calls', 1) end
    return
  end
  facts[#facts + 1] = sale.hash
  -- The journal comes first: what follows can be made again from it.
  call('XADD', keys[5], format('%d-0', sale.seq), 'facts', concat(facts, '\n'))
  if #customers > 0 then call('HSET', keys[2], unpack(customers)) end
  if #sale.made > 0 then call('HSET', keys[3], unpack(blocks_made(sale))) end
  if #sale.kept > 0 then call('ZADD', keys[4], unpack(sale.kept)) end
  if #sale.paid > 0 then call('ZREM', keys[4], unpack(sale.paid)) end
  call('HSET', keys[1], 'seq', format('%d', sale.seq), 'hash', sale.hash, 'at', sale.clock, 'stock',
    pack_stock(sale.items), unpack(sale.changes))
end

-- Nothing here can fail unless someone has meddled with the keys; then the sale stops until it has been recovered.
local function commit(sale, keys)
  local done, fault = pcall(write, sale, keys)
  if done then return nil end
  gate[sale.id] = nil
  return redis.error_reply('TORN ' .. (type(fault) == 'table' and fault.err or tostring(fault)))
end
