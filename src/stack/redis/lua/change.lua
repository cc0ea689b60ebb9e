-- What becomes of an order: confirmed or released, once.

local function order_id(sale, order)
  return sale.letters .. order.seq .. '-' .. order.suffix
end

local function change(sale, customer, orders, order, kind, reason)
  local item, quantity = sale.items[order.item], order.quantity
  if kind == 'confirmed' then
    move(item, 0, -quantity, quantity)
  else
    move(item, quantity, -quantity, 0)
  end
  append(sale, kind, concat({ item.sku, order_id(sale, order), customer, order.key, format('%d', quantity), item.amount,
    item.currency, order.deadline, REASONS[reason] or '' }, '|'), item)
  order.state, order.reason, order.changed = sub(kind, 1, 1), reason, format('%d', sale.seq)
  keep(sale, customer, orders)
  local name = member(order.seq)
  sale.paid[#sale.paid + 1] = name
  sale.gone[name] = true
end

local function find(orders, seq)
  for _, order in ipairs(orders) do
    if order.seq == seq then return order end
  end
end

-- Holds whose time is up go first, the earliest first: their units are there for the very call that finds them expired.
local EXPIRED_PER_CALL_MAX = 1000

local function due(sale, keys)
  if sale.held == 0 then return {} end
  return call('ZRANGE', keys[4], '-inf', sale.clock, 'BYSCORE', 'LIMIT', 0, EXPIRED_PER_CALL_MAX)
end

local function expire(sale, members)
  for _, name in ipairs(members) do
    local seq = sub(name, 2)
    local customer = sale.owner[seq]
    local orders = parse_orders(packed_of(sale, customer))
    change(sale, customer, orders, find(orders, seq), 'released', 'e')
  end
end

-- Answers one letter; the order follows among the reply's texts.
local CHANGE = {}

-- c <seq> <suffix> <by>
function CHANGE.c(sale, customer, orders, order)
  if order.state == 'c' then return 'd' end
  if order.state == 'r' then return 'o' end
  if sale.now >= tonumber(order.deadline) then
    change(sale, customer, orders, order, 'released', 'e')
    return 'e'
  end
  change(sale, customer, orders, order, 'confirmed', '')
  return 'c'
end

-- x <seq> <suffix> <by> <reason>
function CHANGE.x(sale, customer, orders, order, reason)
  if order.state == 'c' then return 'q' end
  if order.state == 'r' then return 't' end
  change(sale, customer, orders, order, 'released', sale.now >= tonumber(order.deadline) and 'e' or reason)
  return 'r'
end

local function change_order(sale, op, reply)
  local customer = sale.owner[op.seq]
  if not customer or (op.by ~= '' and op.by ~= customer) then return 'u' end
  local orders = parse_orders(packed_of(sale, customer))
  local order = find(orders, op.seq)
  if order.suffix ~= op.suffix then return 'u' end
  local letter = CHANGE[op.tag](sale, customer, orders, order, op.reason)
  reply[#reply + 1] = customer .. ' ' .. pack_order(order)
  return letter
end
