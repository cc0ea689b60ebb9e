-- Decides attempts to buy, with the precedence of core/rules.ts. Replay comes first.

-- The refusal if the sale is not open; otherwise nil.
local function window_refusal(sale)
  if sale.standing == 'closed' or (sale.closesAt ~= '' and sale.now >= tonumber(sale.closesAt)) then return '@sale_closed@' end
  if sale.standing == 'paused' then return '@sale_paused@' end
  if sale.now < tonumber(sale.opensAt) then return '@sale_not_open@' end
end

-- The refusal when too few units are free.
local function stock_refusal(sale, keys, item, quantity, reply)
  if item.free + item.held < quantity then
    if item.free == 0 then return '@sold_out@' end
    reply[#reply + 1] = format('%d', item.free)
    return '@few_free@'
  end
  reply[#reply + 1] = format('%d %d', item.free, first_deadline(sale, keys))
  return '@all_held@'
end

-- The suffix and the key of each attempt of a group, in turn. They are cut only once one of them is needed, because most
-- refusals need none.
local function suffixes_and_keys(op)
  if not op.pairs then op.pairs = cut(op.widths, op.rests) end
  return op.pairs
end

local function is_late(sale, op, nth)
  if sale.now <= op.earliest then return false end
  if not op.times then
    op.times = {}
    for time in gmatch(op.lates, '%d+') do op.times[#op.times + 1] = tonumber(time) end
  end
  return sale.now > (op.times[nth] or op.earliest)
end

local function sell(sale, op, item, nth, customer, mine)
  local given, quantity, number = suffixes_and_keys(op), op.quantity, sale.seq + 1
  local suffix, key = given[2 * nth - 1], given[2 * nth]
  if op.hold then
    move(item, -quantity, quantity, 0)
  else
    move(item, -quantity, 0, quantity)
  end
  local s1, s2, s3 = digits(number)
  local free1, free2, free3 = digits(item.free)
  local taken1, taken2, taken3 = digits(op.hold and item.held or item.sold)
  link(sale, sale.hash .. op.before .. s1 .. s2 .. s3 .. op.between .. s1 .. s2 .. s3 .. '-' .. suffix .. '|' .. customer .. '|'
    .. key .. op.behind .. free1 .. free2 .. free3 .. op.middle .. taken1 .. taken2 .. taken3 .. op.last)
  local packed = s1 .. s2 .. s3 .. ',' .. suffix .. op.packed .. key
  keep_packed(sale, customer, mine and mine .. ';' .. packed or packed)
  local made = sale.made
  made[#made + 1] = number
  made[#made + 1] = customer
  if sale.changes_orders then sale.owner[s1 .. s2 .. s3] = customer end
  if op.hold then
    local kept, name = sale.kept, member(s1 .. s2 .. s3)
    kept[#kept + 1] = op.deadline
    kept[#kept + 1] = name
    if sale.first and op.hold < sale.first.deadline then sale.first = { member = name, deadline = op.hold } end
  end
end

-- Looks for an order under the same key. Returns the code of a replay or of a reused key. If there is no such order, returns
-- nil, the customer's units that count against the limit, and how many orders were released.
local function earlier_answer(sale, op, nth, mine, reply)
  local text = text_under(mine, suffixes_and_keys(op)[2 * nth])
  if not text then return nil, count_packed(mine) end
  local order = parse_order(text)
  local item = sale.items[order.item]
  if item.sku ~= op.sku or order.quantity ~= op.quantity then return '@key_reused@' end
  reply[#reply + 1] = text
  return '@replayed@'
end

-- The refusal of a customer who has as many units as the sale allows.
local function over_limit(mine, reply)
  local first = mine and first_standing(mine)
  if not first then return '@limit_reached@' end
  reply[#reply + 1] = first
  return '@limit_reached_with@'
end

-- When the customer may have another order, if that is not yet.
local function cools_until(sale, customer)
  local released = has_cooldown(sale) and sale.used[release_of(customer)]
  local ready = released and tonumber(released) + tonumber(sale.cooldownSeconds) * 1000
  return ready and sale.now < ready and ready
end

-- Computes what all attempts of a group share.
local function prepare(sale, op)
  local item = sale.items[op.sku]
  op.item = item
  op.refusal = window_refusal(sale)
  op.max_releases = tonumber(sale.maxReleases or '') or @max_releases@
  if not item then return end
  local deadline = ''
  if sale.checkout == 'hold' then
    op.hold = sale.now + tonumber(sale.holdSeconds) * 1000
    deadline = format('%d', op.hold)
    op.deadline = deadline
  end
  -- The constant parts of a fact's text, around its seq, its order and its stock. Of the stock, a sale changes what is free
  -- and what is held, or what is free and what is sold.
  op.before = '|' .. sale.id .. '|'
  op.between = concat({ '', sale.clock, op.hold and 'held' or 'confirmed', item.sku, sale.letters }, '|')
  op.behind = concat({ '', op.units, item.amount, item.currency, deadline, '', '' }, '|')
  op.middle = op.hold and '|' or format('|%d|', item.held)
  op.last = op.hold and format('|%d|', item.sold) or '|'
  op.packed = concat({ '', item.index, op.units, op.hold and 'h' or 'c', '', sale.clock, deadline, '', '' }, ',')
end

-- r <sku> <quantity, 0 if it is invalid> <earliest notAfter> <notAfter of each, if they differ>
--   <widths of the customers> <customers> <widths of the suffixes and keys> <suffix and key of each>
local function attempt(sale, keys, op, reply, answers)
  prepare(sale, op)
  local item, quantity, touched, stored, customers = op.item, op.quantity, sale.touched, sale.stored, op.customers
  local said = #answers
  local over = quantity > sale.limit
  local maybe_late, texts = sale.now > op.earliest, #reply
  local are_alike = not sale.has_orders and not maybe_late
  for nth = 1, op.count do
    local customer = customers[nth]
    local mine = touched[customer] and packed_of(sale, customer) or stored[customer]
    local code, units, releases
    if quantity == 0 then
      code = '@invalid@'
    elseif not item then
      code = '@sale_unknown@'
    elseif mine then
      code, units, releases = earlier_answer(sale, op, nth, mine, reply)
    end
    if code then
    elseif maybe_late and is_late(sale, op, nth) then
      code = '@overloaded@'
    elseif op.refusal then
      code = op.refusal
    elseif over or (units and units + quantity > sale.limit) then
      code = over_limit(mine, reply)
    elseif releases and releases >= op.max_releases then
      code = '@limit_reached_by_releases@'
    elseif item.free < quantity then
      code = stock_refusal(sale, keys, item, quantity, reply)
    elseif releases and releases > 0 and cools_until(sale, customer) then
      code = '@cooling_down@'
      reply[#reply + 1] = format('%d', cools_until(sale, customer))
    elseif op.hold and sale.released >= sale.released_max then
      code = '@full@'
    elseif sale.seq - sale.ledger_seq >= sale.backlog then
      code = '@overloaded@'
    else
      sell(sale, op, item, nth, customer, mine)
      code = '@sold@'
    end
    answers[said + nth] = code
    if are_alike and sale.writing == 0 and #reply == texts then
      -- Nobody of the group has orders, and this refusal is about none of them, so it is the refusal of all.
      answers[said + nth + 1] = rep(code, op.count - nth)
      return
    end
  end
end
