-- Applies transitions (core/transition.ts), each under its guards, all or nothing. One that fails does not affect the others.
-- A transition is `t <guards> <1 if the reply must carry the head> <count of changes> <change>...
--   <count of fields> <field> <value>...`
-- guards  `name,value,value` joined by `;`
-- change  kind|sku|free|held|sold|order|state|letter of its reason|customer|key|suffix|quantity|payWithin|reason|data|terms
--         `order` is the seq of the fact that created the order. Without a state, the fact leaves the order as it is.
--         Without an `order`, a change with a customer creates one.
-- fields  the fields of the sale's meta that an administrator's fact changes

local CHANGE = '^([%w_]+)|([^|]*)|(-?%d*)|(-?%d*)|(-?%d*)|(%d*)|(%a?)|(%a?)|([^|]*)|([^|]*)|(%w*)|(%d*)|(%d*)|([^|]*)|([^|]*)|(.*)$'

local function parse_change(text)
  local kind, sku, free, held, sold, order, state, letter, customer, key, suffix, quantity, pay_within, reason, data, terms =
    match(text, CHANGE)
  if not kind then error('CHANGE is malformed', 0) end
  return { kind = kind, sku = sku, free = tonumber(free) or 0, held = tonumber(held) or 0, sold = tonumber(sold) or 0,
    order = order, state = state, letter = letter, customer = customer, key = key, suffix = suffix,
    quantity = tonumber(quantity), pay_within = tonumber(pay_within), reason = reason, data = data, terms = terms }
end

local function parse_guards(text)
  local guards = {}
  for guard in gmatch(text, '[^;]+') do
    local name, one, other = match(guard, '^(%a+),([^,]*),?([^,]*)$')
    guards[#guards + 1] = { name = name, one = one, other = other }
  end
  return guards
end

-- A customer's orders. They are parsed again only after a change.
local function orders_of(sale, customer)
  local packed, known = packed_of(sale, customer) or '', sale.parsed[customer]
  if not known or known.packed ~= packed then
    known = { packed = packed, orders = parse_orders(packed) }
    sale.parsed[customer] = known
  end
  return known.orders
end

local function find(orders, seq)
  for _, order in ipairs(orders) do
    if order.seq == seq then return order end
  end
end

-- The order that a fact created, its customer, and all orders of that customer.
local function order_of(sale, seq)
  local customer = sale.owner[seq]
  if not customer then return nil end
  local orders = orders_of(sale, customer)
  return find(orders, seq), customer, orders
end

-- The guards, one function for each name. A guard that does not return true fails.
local HOLDS = {}

function HOLDS.order(sale, seq, changed)
  local order = order_of(sale, seq)
  return order and (order.changed == '' and order.seq or order.changed) == changed
end

function HOLDS.notBefore(sale, at) return sale.now >= tonumber(at) end

function HOLDS.notAfter(sale, at) return sale.now <= tonumber(at) end

-- `+` stands for the version that the transition before it in this call has made.
function HOLDS.version(sale, version)
  if version == '+' then version = sale.made_version end
  return sale.version == version
end

function HOLDS.free(sale, sku, units)
  local item = sale.items[sku]
  return item and item.free >= tonumber(units)
end

function HOLDS.limit(sale, customer, units)
  local total = tonumber(units)
  for _, order in ipairs(orders_of(sale, customer)) do
    if order.state ~= 'r' then total = total + order.quantity end
  end
  return total <= sale.limit
end

function HOLDS.key(sale, customer, key)
  for _, order in ipairs(orders_of(sale, customer)) do
    if order.key == key then return false end
  end
  return not sale.used['key:' .. customer .. ':' .. key]
end

function HOLDS.command(sale, key) return not sale.used['command:' .. key] end

function HOLDS.pass(sale, pass) return not sale.used['pass:' .. pass] end

-- The use of a key or pass that is recorded once its guard has held.
local function use_of(guard)
  if guard.name == 'key' then return 'key:' .. guard.one .. ':' .. guard.other end
  if guard.name == 'command' then return 'command:' .. guard.one end
  if guard.name == 'pass' then return 'pass:' .. guard.one end
end

-- Whether each change in turn keeps free + held + sold = total. Only `stocked` may change the total.
local function conserves(sale, changes)
  local stock = {}
  for _, c in ipairs(changes) do
    local item = sale.items[c.sku]
    if c.sku ~= '' and not item then return false end
    if item then
      local now = stock[c.sku] or { free = item.free, held = item.held, sold = item.sold }
      stock[c.sku] = now
      now.free, now.held, now.sold = now.free + c.free, now.held + c.held, now.sold + c.sold
      local added = c.free + c.held + c.sold
      if now.free < 0 or now.held < 0 or now.sold < 0 or added < 0 then return false end
      if added > 0 and c.kind ~= 'stocked' then return false end
    end
    if (c.order ~= '' or c.customer ~= '') and not item then return false end
    if c.order ~= '' and not order_of(sale, c.order) then return false end
    if c.customer ~= '' and c.order == '' and not c.quantity then return false end
  end
  return true
end

local function new_order(sale, c, item)
  local deadline = c.pay_within and format('%d', sale.now + c.pay_within) or ''
  return { seq = format('%d', sale.seq + 1), suffix = c.suffix, item = item.index, quantity = c.quantity, key = c.key,
    created = sale.clock, deadline = deadline, changed = '' }
end

-- Notes the changed order to be written.
local function keep_order(sale, c, order, customer, orders)
  local name = member(order.seq)
  if c.order == '' then
    orders[#orders + 1] = order
    sale.made[#sale.made + 1] = tonumber(order.seq)
    sale.made[#sale.made + 1] = customer
    sale.owner[order.seq] = customer
    if c.state == 'h' then
      sale.kept[#sale.kept + 1] = order.deadline
      sale.kept[#sale.kept + 1] = name
      local deadline = tonumber(order.deadline)
      if sale.first and deadline < sale.first.deadline then sale.first = { member = name, deadline = deadline } end
    end
  else
    order.changed = format('%d', sale.seq)
    if order.state == 'h' and c.state ~= 'h' then
      sale.paid[#sale.paid + 1] = name
      sale.gone[name] = true
      if c.state == 'r' then note_release(sale, customer) end
    end
  end
  order.state, order.reason = c.state, c.letter
  keep(sale, customer, orders)
end

-- Makes one fact. The checks have passed, so it cannot fail.
local function change(sale, c)
  local item = sale.items[c.sku]
  local quantity, order, customer, orders = '', nil, '', nil
  if item then
    local added = c.free + c.held + c.sold
    item.total = item.total + added
    move(item, c.free, c.held, c.sold)
    if c.kind == 'stocked' then quantity = format('%d', added) end
  end
  if c.order ~= '' then
    order, customer, orders = order_of(sale, c.order)
  elseif c.customer ~= '' then
    customer, orders = c.customer, orders_of(sale, c.customer)
    order = new_order(sale, c, item)
  end
  local subject = order and { c.sku, sale.letters .. order.seq .. '-' .. order.suffix, customer, order.key,
    format('%d', order.quantity), item.amount, item.currency, order.deadline, c.reason }
    or { c.sku, '', '', '', quantity, '', '', '', c.reason }
  append(sale, c.kind, concat(subject, '|'), item, c.terms, c.data ~= '' and c.data or nil)
  if order and c.state ~= '' then keep_order(sale, c, order, customer, orders) end
  if not order then
    sale.version = sale.epoch .. '-' .. format('%d', sale.seq)
    sale.made_version = sale.version
    set(sale, 'version', sale.version)
  end
end

local function creates_order(changes)
  for _, c in ipairs(changes) do
    if c.order == '' and c.customer ~= '' then return true end
  end
  return false
end

-- Returns a code. The number of the guard that failed, or the head, is added to the reply's texts.
local function apply_transition(sale, op, reply)
  for number, guard in ipairs(op.guards) do
    if not HOLDS[guard.name](sale, guard.one, guard.other) then
      reply[#reply + 1] = format('%d', number)
      return '@failed@'
    end
  end
  if not conserves(sale, op.changes) then return '@broken@' end
  if creates_order(op.changes) and sale.seq - sale.ledger_seq >= sale.backlog then return '@overloaded@' end
  if #op.changes > 1 then sale.in_one_entry = true end
  local was_quiet = is_quiet(sale)
  for _, c in ipairs(op.changes) do change(sale, c) end
  for index = 1, #op.fields, 2 do
    local name, value = op.fields[index], op.fields[index + 1]
    set(sale, name, value)
    sale[name] = name == 'limit' and tonumber(value) or value
  end
  for _, guard in ipairs(op.guards) do
    local use = use_of(guard)
    if use and #op.changes > 0 then
      sale.used[use] = sale.clock
      sale.uses[#sale.uses + 1] = use
      sale.uses[#sale.uses + 1] = format('%d', sale.seq) .. (guard.name == 'command' and ' ' .. guard.other or '')
    end
  end
  -- Replicas may refuse from memory while a sale is quiet. A new recall mark makes them wait until those leases are over.
  if was_quiet and #op.changes > 0 then
    sale.recall = sale.epoch .. '-' .. format('%d', sale.seq)
    set(sale, 'recall', sale.recall)
  end
  if op.tells then reply[#reply + 1] = head(sale) end
  return '@applied@'
end

-- Holds that are due expire before anything else, the earliest first, so that the call that finds them can sell their units.
local EXPIRED_PER_CALL_MAX = 1000

local function due(sale, keys)
  if sale.held == 0 then return {} end
  return call('ZRANGE', keys[4], '-inf', sale.clock, 'BYSCORE', 'LIMIT', 0, EXPIRED_PER_CALL_MAX)
end

local function expire(sale, members)
  for _, name in ipairs(members) do
    local seq = sub(name, 2)
    local order = order_of(sale, seq)
    local quantity = order.quantity
    -- A hold that was made while the clock was ahead ends by its length, before the time that it names. Its fact says so.
    local data = tonumber(order.deadline) > sale.now and '{"clockPutRight":true}' or ''
    change(sale, { kind = 'released', sku = sale.items[order.item].sku, free = quantity, held = -quantity, sold = 0,
      order = seq, state = 'r', letter = 'e', reason = 'expired', customer = '', data = data, terms = '' })
  end
end
