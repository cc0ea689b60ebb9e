-- What the worker calls to make the store agree with the ledger.

-- args nonce, sale, epoch, seq, hash, run of the process. Opens the gate if the sale has this seq and hash.
local function open_sale(keys, args)
  local meta = call('HMGET', keys[1], 'seq', 'hash', 'epoch', 'run')
  if meta[1] ~= args[4] or meta[2] ~= args[5] then return { args[1], 'moved' } end
  local last = call('XREVRANGE', keys[5], '+', '-', 'COUNT', 1)[1]
  if last and tonumber(match(last[1], '^%d+')) > tonumber(args[4]) then
    -- A call failed after its journal entry, and was never answered. The sale is deleted, and rebuilt from the ledger.
    call('UNLINK', unpack(keys))
    return { args[1], 'moved' }
  end
  local epoch, known = tonumber(args[3]), tonumber(meta[3])
  -- The same epoch is allowed to another version of these functions in the process that opened it.
  if epoch < known or (epoch == known and meta[4] ~= args[6]) then return { args[1], 'moved' } end
  call('HSET', keys[1], 'epoch', args[3], 'run', args[6])
  gate[args[2]] = args[3]
  return { args[1], 'ok' }
end

-- args nonce. reply { nonce, "ok", epoch, run }
local function opened(keys, args)
  local meta = call('HMGET', keys[1], 'epoch', 'run')
  return { args[1], 'ok', meta[1] or '0', meta[2] or '' }
end

-- args nonce, seq. The ledger has the facts up to this seq, so journal entries without later facts are deleted.
local function trim(keys, args)
  local meta = call('HMGET', keys[1], 'seq', 'drained')
  if not meta[1] then return { args[1], 'missing' } end
  local seq = min(tonumber(args[2]), tonumber(meta[1]))
  if seq > tonumber(meta[2]) then
    call('HSET', keys[1], 'drained', format('%d', seq))
    call('XTRIM', keys[5], 'MINID', format('%d-0', seq + 1))
  end
  return { args[1], 'ok' }
end

-- args nonce, sale, epoch, a mark that was never used. Deletes the sale, which is missing until `rebuilt`. A worker
-- that was suspended calls with an old epoch, and must not delete what has been rebuilt and sold since.
local function forget(keys, args)
  local epoch = call('HGET', keys[1], 'epoch')
  if epoch and tonumber(epoch) >= tonumber(args[3]) then return { args[1], 'moved' } end
  gate[args[2]] = nil
  call('UNLINK', unpack(keys))
  call('HSET', keys[1], 'building', args[4], 'epoch', args[3])
  return { args[1], 'ok' }
end

-- args nonce, mark, then of each order: customer, its text, its seq, its deadline while it is held. In order of creation.
local function put_orders(keys, args)
  if call('HGET', keys[1], 'building') ~= args[2] then return { args[1], 'moved' } end
  local sale = { seq = tonumber(args[5]) - 1, made = {}, customers = {}, touched = {}, writing = 0 }
  local customers, kept = {}, {}
  for at = 3, #args, 4 do
    local customer, seq, deadline = args[at], args[at + 2], args[at + 3]
    customers[#customers + 1] = customer
    sale.made[#sale.made + 1] = tonumber(seq)
    sale.made[#sale.made + 1] = customer
    if deadline ~= '' then
      kept[#kept + 1] = deadline
      kept[#kept + 1] = member(seq)
    end
  end
  load(sale, keys, { customers = customers, seqs = {}, uses = {}, is_selling = true })
  for at = 3, #args, 4 do
    local before = packed_of(sale, args[at])
    keep_packed(sale, args[at], before and before .. ';' .. args[at + 1] or args[at + 1])
  end
  call('HSET', keys[2], unpack(sale.customers))
  call('HSET', keys[3], unpack(blocks_made(sale)))
  if #kept > 0 then call('ZADD', keys[4], unpack(kept)) end
  return { args[1], 'ok' }
end

-- args nonce, mark, then names and values of the hash of uses
local function put_uses(keys, args)
  if call('HGET', keys[1], 'building') ~= args[2] then return { args[1], 'moved' } end
  call('HSET', keys[6], unpack(args, 3))
  return { args[1], 'ok' }
end

-- args nonce, mark, then fields and values of the sale. Its gate stays closed.
local function rebuilt(keys, args)
  if call('HGET', keys[1], 'building') ~= args[2] then return { args[1], 'moved' } end
  call('HSET', keys[1], unpack(args, 3))
  call('HDEL', keys[1], 'building')
  return { args[1], 'ok' }
end
