-- What administrators decide of a sale that exists.

local STEERING = { p = { 'paused', 'paused' }, a = { 'active', 'resumed' }, z = { 'closed', 'closed' } }

local function set(sale, ...)
  for _, value in ipairs({ ... }) do sale.changes[#sale.changes + 1] = value end
end

-- p | a | z: pause, resume, close
local function steer(sale, op)
  local standing, fact = unpack(STEERING[op.tag])
  if sale.standing == standing then return 'w' end
  if sale.standing == 'closed' then return 'l' end
  sale.standing = standing
  append(sale, fact, NO_ORDER)
  set(sale, 'standing', standing)
  return 'W'
end

local function stock(sale, item, units)
  item.total = item.total + units
  move(item, units, 0, 0)
  append(sale, 'stocked', item.sku .. '||||' .. format('%d', units) .. '||||', item)
end

-- s <sku> <units, 0 if they are none>
local function restock(sale, op)
  local item = sale.items[op.sku]
  if not item then return 'u' end
  if op.units == 0 then return 'i' end
  stock(sale, item, op.units)
  return 'W'
end

-- t <version> <opensAt> <closesAt> <holdSeconds> <limit> <document> <terms>: made from that version, or not at all
local function amend(sale, op)
  if op.version ~= sale.version then return 'a' end
  sale.opensAt, sale.closesAt, sale.holdSeconds, sale.limit = op.opensAt, op.closesAt, op.holdSeconds, tonumber(op.limit)
  append(sale, 'amended', NO_ORDER, nil, op.terms)
  sale.version = sale.epoch .. '-' .. format('%d', sale.seq)
  sale.document = op.document
  set(sale, 'opensAt', op.opensAt, 'closesAt', op.closesAt, 'holdSeconds', op.holdSeconds, 'limit', op.limit,
    'version', sale.version, 'document', op.document)
  return 'W'
end

local STEER = { p = steer, a = steer, z = steer, s = restock, t = amend }

local function administer(sale, keys, op, reply)
  local was_sold_out, seq = sold_out(sale), sale.seq
  local letter = STEER[op.tag](sale, op)
  -- Clients may refuse from memory, for a while, what is sold out: the mark tells them when to wait until that is over.
  if sale.seq > seq and was_sold_out then
    sale.recall = sale.epoch .. '-' .. format('%d', sale.seq)
    set(sale, 'recall', sale.recall)
  end
  if letter == 'W' or letter == 'w' then
    sale.document = sale.document or call('HGET', keys[1], 'document')
    reply[#reply + 1] = head(sale, first_deadline(sale, keys))
    reply[#reply + 1] = sale.document
  end
  return letter
end
