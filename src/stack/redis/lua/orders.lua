-- A customer's orders are one text in the hash of customers: `seq,suffix,item,quantity,state,reason,created,payBefore,
-- changed,key` of each, the oldest first, joined by `;`. `state` and `reason` are first letters. `changed` is the seq of
-- the last fact that changed the order; it is empty while that is the fact that created it.

local ORDER = '^(%d+),(%w+),(%d+),(%d+),(%a),(%a?),(%d+),(%d*),(%d*),([^,;]+)$'

local function parse_order(text)
  local seq, suffix, item, quantity, state, reason, created, deadline, changed, key = match(text, ORDER)
  if not seq then error('ORDER is malformed', 0) end
  return { seq = seq, suffix = suffix, item = tonumber(item), quantity = tonumber(quantity), state = state,
    reason = reason, created = created, deadline = deadline, changed = changed, key = key, text = text }
end

local function pack_order(order)
  return concat({ order.seq, order.suffix, order.item, format('%d', order.quantity), order.state, order.reason,
    order.created, order.deadline, order.changed, order.key }, ',')
end

local function parse_orders(packed)
  local orders = {}
  for text in gmatch(packed, '[^;]+') do orders[#orders + 1] = parse_order(text) end
  return orders
end

-- A customer's orders with the changes of this call. `touched` holds their index among the texts to be written.
local function packed_of(sale, customer)
  local at = sale.touched[customer]
  return at and sale.customers[at] or sale.stored[customer]
end

local function keep_packed(sale, customer, packed)
  local at = sale.touched[customer]
  if not at then
    at = sale.writing + 2
    sale.writing = at
    sale.touched[customer] = at
    sale.customers[at - 1] = customer
  end
  sale.customers[at] = packed
end

-- The text of the order under this key, which is the last field of an order.
local function text_under(packed, key)
  local field, from = ',' .. key, 1
  while true do
    local at, stop = find_text(packed, field, from, true)
    if not at then return nil end
    if stop == #packed or sub(packed, stop + 1, stop + 1) == ';' then
      local upto = sub(packed, 1, stop)
      return match(upto, '^.*;(.*)$') or upto
    end
    from = stop
  end
end

-- The units that count against the limit, and how many orders were released. Quantity and state are the only whole number
-- and single letter next to each other, so the orders need not be parsed.
local function count_packed(packed)
  local units, releases = 0, 0
  for quantity, state in gmatch(packed, ',(%d+),(%a),') do
    if state == 'r' then
      releases = releases + 1
    else
      units = units + quantity
    end
  end
  return units, releases
end

-- The text of the first order that is held or confirmed.
local function first_standing(packed)
  for text in gmatch(packed, '[^;]+') do
    if not match(text, '^[^,]*,[^,]*,[^,]*,[^,]*,r') then return text end
  end
end

-- The field of `uses` with the time of a customer's last release.
local function release_of(customer)
  return 'released:' .. customer
end

local function has_cooldown(sale)
  return (tonumber(sale.cooldownSeconds or '') or 0) > 0
end

-- Notes that an order of the customer was released.
local function note_release(sale, customer)
  sale.released = sale.released + 1
  sale.has_released = true
  local name = release_of(customer)
  sale.used[name] = sale.clock
  sale.uses[#sale.uses + 1] = name
  sale.uses[#sale.uses + 1] = sale.clock
end

local function keep(sale, customer, orders)
  local texts = {}
  for index, order in ipairs(orders) do texts[index] = pack_order(order) end
  keep_packed(sale, customer, concat(texts, ';'))
end

-- Deadlines are sorted by time, then by creation. The first character puts longer numbers after shorter ones.
local function member(seq)
  return char(64 + #seq) .. seq
end

-- The customers of orders are kept in blocks, because a hash field for each would cost more memory than its value. The block
-- of seq / 16 holds, for each order that one of its facts created, ` `, a letter for the place, and the customer.
local BLOCK = 16

local function block_of(seq)
  return format('%d', floor(seq / BLOCK))
end

local PLACES = {}

local function place(seq)
  local at = seq % BLOCK
  local text = PLACES[at]
  if not text then
    text = ' ' .. char(65 + at)
    PLACES[at] = text
  end
  return text
end

local function owner_in(block, seq)
  return block and match(block, place(seq) .. '([^ ]+)')
end

local function load_releases(sale, keys)
  local names = {}
  for customer in pairs(sale.stored) do names[#names + 1] = release_of(customer) end
  if #names == 0 then return end
  for index, at in ipairs(call('HMGET', keys[6], unpack(names))) do sale.used[names[index]] = at end
end

-- Reads, before anything is decided, the orders that the call may need: those of these customers, and those of the customers
-- of the orders that these seqs created. Also reads whether these keys and passes were used. `has_orders` tells whether any of
-- the customers has one.
local function load(sale, keys, wanted)
  local customers, seqs, uses = wanted.customers, wanted.seqs, wanted.uses
  local owner, stored, used, blocks = {}, {}, {}, {}
  sale.owner, sale.stored, sale.used = owner, stored, used
  if #uses > 0 then
    for index, seq in ipairs(call('HMGET', keys[6], unpack(uses))) do used[uses[index]] = seq end
  end
  for index = 1, #seqs do blocks[index] = block_of(seqs[index]) end
  -- New orders are added to the block of the latest ones.
  if wanted.is_selling then blocks[#blocks + 1] = block_of(sale.seq + 1) end
  local count = #customers
  if #blocks > 0 then
    local texts = call('HMGET', keys[3], unpack(blocks))
    for index = 1, #seqs do
      local customer = owner_in(texts[index], seqs[index])
      if customer then
        owner[seqs[index]] = customer
        count = count + 1
        customers[count] = customer
      end
    end
    sale.last_block, sale.last_text = blocks[#blocks], texts[#blocks]
  end
  if count == 0 then return end
  local packed = call('HMGET', keys[2], unpack(customers))
  for index = 1, count do
    local text = packed[index]
    if text then
      stored[customers[index]] = text
      sale.has_orders = true
    end
  end
  if has_cooldown(sale) then load_releases(sale, keys) end
end

-- The block of sixteen orders that were created one after the other, from this index of `made` on.
local function whole_block(made, at)
  return ' A' .. made[at + 1] .. ' B' .. made[at + 3] .. ' C' .. made[at + 5] .. ' D' .. made[at + 7] .. ' E' .. made[at + 9]
    .. ' F' .. made[at + 11] .. ' G' .. made[at + 13] .. ' H' .. made[at + 15] .. ' I' .. made[at + 17] .. ' J' .. made[at + 19]
    .. ' K' .. made[at + 21] .. ' L' .. made[at + 23] .. ' M' .. made[at + 25] .. ' N' .. made[at + 27] .. ' O' .. made[at + 29]
    .. ' P' .. made[at + 31]
end

-- Fields and values for the orders that were created. `made` holds the seq and customer of each, in order.
local function blocks_made(sale)
  local made, fields, count, at = sale.made, {}, 0, 1
  while made[at] do
    local seq = made[at]
    local name = block_of(seq)
    count = count + 2
    fields[count - 1] = name
    if seq % BLOCK == 0 and made[at + 2 * BLOCK - 2] == seq + BLOCK - 1 then
      fields[count] = whole_block(made, at)
      at = at + 2 * BLOCK
    else
      local parts, behind = { name == sale.last_block and sale.last_text or '' }, seq - seq % BLOCK + BLOCK
      while made[at] and made[at] < behind do
        parts[#parts + 1] = place(made[at]) .. made[at + 1]
        at = at + 2
      end
      fields[count] = concat(parts)
    end
  end
  return fields
end

-- The earliest deadline of a held order, with the changes of this call.
local function first_deadline(sale, keys)
  local held = 0
  for _, item in ipairs(sale.items) do held = held + item.held end
  if held == 0 then return nil end
  if sale.first and not sale.gone[sale.first.member] then return sale.first.deadline end
  sale.first = nil
  local rows = call('ZRANGE', keys[4], 0, #sale.paid, 'WITHSCORES')
  for index = 1, #rows, 2 do
    if not sale.gone[rows[index]] then
      sale.first = { member = rows[index], deadline = tonumber(rows[index + 1]) }
      break
    end
  end
  for index = 1, #sale.kept, 2 do
    local deadline, name = tonumber(sale.kept[index]), sale.kept[index + 1]
    if not sale.gone[name] and (not sale.first or deadline < sale.first.deadline) then
      sale.first = { member = name, deadline = deadline }
    end
  end
  return sale.first and sale.first.deadline
end
