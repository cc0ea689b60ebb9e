-- A customer's orders are one text in the hash of customers: `seq,suffix,item,quantity,state,reason,created,payBefore,
-- changed,key` of each, the first first, joined by `;`. `state` and `reason` are first letters; `changed` is the fact
-- that brought the order into its state, empty while that is the one that created it.

local ORDER = '^(%d+),(%w+),(%d+),(%d+),(%a),(%a?),(%d+),(%d*),(%d*),([^,;]+)$'
local REASONS = { c = 'cancelled', e = 'expired', p = 'payment_failed' }

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

local function orders_of(sale, customer)
  local packed = sale.touched[customer] or sale.stored[customer]
  return packed and parse_orders(packed) or {}
end

local function keep(sale, customer, orders)
  local texts = {}
  for index, order in ipairs(orders) do texts[index] = pack_order(order) end
  sale.touched[customer] = concat(texts, ';')
end

-- Deadlines are sorted by time, then by creation: a longer number follows a shorter one.
local function member(seq)
  return char(64 + #seq) .. seq
end

-- Reads, before anything is decided, the orders of everyone whom the call may concern.
local function load(sale, keys, customers, created)
  sale.stored, sale.owner = {}, {}
  if #created > 0 then
    for index, customer in ipairs(call('HMGET', keys[3], unpack(created))) do
      if customer then
        sale.owner[created[index]] = customer
        customers[#customers + 1] = customer
      end
    end
  end
  if #customers == 0 then return end
  for index, packed in ipairs(call('HMGET', keys[2], unpack(customers))) do
    if packed then sale.stored[customers[index]] = packed end
  end
end

-- The earliest deadline among held orders, as this call has left them.
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
