-- reserve, apply: decide commands of one sale, in order. `reserve` may sell; `apply` also runs when the memory is full.
-- look: the same, but it writes nothing.
-- args   header, then one command after the other: `r` attempts (attempts.lua), `t` a transition (transitions.lua),
--        `v <seq>` shows an order, `d <version>` shows the document unless it has this version, `k <use>` shows a use
-- reply  { nonce, "ok", head, seq before the first command, now, a code for each answer, texts that some answers need }

local READ = {}

function READ.r(args, at, wanted)
  local customers = cut(args[at + 5], args[at + 6])
  wanted.is_selling = true
  if #wanted.customers == 0 then
    wanted.customers = customers
  else
    for _, customer in ipairs(customers) do wanted.customers[#wanted.customers + 1] = customer end
  end
  return { sku = args[at + 1], units = args[at + 2], quantity = tonumber(args[at + 2]), earliest = tonumber(args[at + 3]),
    lates = args[at + 4], customers = customers, count = #customers, widths = args[at + 7], rests = args[at + 8] }, at + 9
end

function READ.v(args, at, wanted)
  wanted.seqs[#wanted.seqs + 1] = args[at + 1]
  return { seq = args[at + 1] }, at + 2
end

function READ.d(args, at)
  return { version = args[at + 1] }, at + 2
end

function READ.k(args, at, wanted)
  wanted.uses[#wanted.uses + 1] = args[at + 1]
  return { use = args[at + 1] }, at + 2
end

function READ.t(args, at, wanted)
  local op = { guards = parse_guards(args[at + 1]), tells = args[at + 2] == '1', changes = {}, fields = {} }
  local from = at + 4
  for index = 1, tonumber(args[at + 3]) do
    local c = parse_change(args[from])
    op.changes[index], from = c, from + 1
    if c.order ~= '' then wanted.seqs[#wanted.seqs + 1] = c.order end
    if c.customer ~= '' then
      wanted.customers[#wanted.customers + 1] = c.customer
      wanted.is_selling = true
    end
  end
  for index = 1, tonumber(args[from]) do op.fields[index] = args[from + index] end
  for _, guard in ipairs(op.guards) do
    if guard.name == 'order' then wanted.seqs[#wanted.seqs + 1] = guard.one end
    if guard.name == 'limit' or guard.name == 'key' then wanted.customers[#wanted.customers + 1] = guard.one end
    wanted.uses[#wanted.uses + 1] = use_of(guard)
  end
  return op, from + 1 + #op.fields
end

local function read_commands(args)
  local ops, wanted, at = {}, { customers = {}, seqs = {}, uses = {} }, 2
  while args[at] do
    local tag = args[at]
    local op, after = READ[tag](args, at, wanted)
    op.tag = tag
    ops[#ops + 1] = op
    at = after
  end
  return ops, wanted
end

local function show_order(sale, op, reply)
  local order, customer = order_of(sale, op.seq)
  if not order then return '@no_order@' end
  reply[#reply + 1] = customer .. ' ' .. pack_order(order)
  return '@shown@'
end

local function show_document(sale, keys, op, reply)
  reply[#reply + 1] = op.version == sale.version and '' or call('HGET', keys[1], 'document')
  return '@shown@'
end

-- The sale's last fact is from a time when the clock was ahead. A hold that was made then lasts its length from now.
local function shorten_holds(sale, keys)
  if sale.held == 0 or sale.holdSeconds == '' then return end
  local latest = format('%d', sale.now + sale.holdSeconds * 1000)
  local names = call('ZRANGE', keys[4], '(' .. latest, '+inf', 'BYSCORE')
  for _, name in ipairs(names) do call('ZADD', keys[4], 'XX', latest, name) end
end

-- Writes the decisions of a call. No other function does.
local function write(sale, keys)
  local customers = sale.customers
  if sale.was_ahead then shorten_holds(sale, keys) end
  if #sale.facts == 0 then
    if sale.writes then call('HINCRBY', keys[1], 'calls', 1) end
    return
  end
  if sale.has_released then set(sale, 'released', format('%d', sale.released)) end
  -- The journal comes first, because everything else can be rebuilt from it.
  write_journal(sale, keys)
  if #customers > 0 then call('HSET', keys[2], unpack(customers)) end
  if #sale.made > 0 then call('HSET', keys[3], unpack(blocks_made(sale))) end
  if #sale.kept > 0 then call('ZADD', keys[4], unpack(sale.kept)) end
  if #sale.paid > 0 then call('ZREM', keys[4], unpack(sale.paid)) end
  if #sale.uses > 0 then call('HSET', keys[6], unpack(sale.uses)) end
  call('HSET', keys[1], 'seq', format('%d', sale.seq), 'hash', sale.hash, 'at', sale.clock, 'stock',
    pack_stock(sale.items), unpack(sale.changes))
end

-- A write can fail only if the keys were changed by hand. Then the sale's gate closes until it is recovered.
local function commit(sale, keys)
  local done, fault = pcall(write, sale, keys)
  if done then return nil end
  gate[sale.id] = nil
  -- A gate is no key. This write tells whoever has read the sale to look again.
  pcall(call, 'HSET', keys[1], 'torn', '1')
  return redis.error_reply('TORN ' .. (type(fault) == 'table' and fault.err or tostring(fault)))
end

local function answer(sale, keys, ops)
  local reply, answers = { sale.nonce, 'ok', '', format('%d', sale.seq), sale.clock, '' }, {}
  for _, op in ipairs(ops) do
    if op.tag == 'r' then
      attempt(sale, keys, op, reply, answers)
    elseif op.tag == 't' then
      answers[#answers + 1] = apply_transition(sale, op, reply)
    elseif op.tag == 'v' then
      answers[#answers + 1] = show_order(sale, op, reply)
    elseif op.tag == 'k' then
      reply[#reply + 1] = sale.used[op.use] or ''
      answers[#answers + 1] = '@shown@'
    else
      answers[#answers + 1] = show_document(sale, keys, op, reply)
    end
  end
  reply[3] = head(sale, first_deadline(sale, keys))
  reply[6] = concat(answers)
  return reply
end

-- Decides everything and writes nothing.
local function decide(keys, args)
  local sale, refused = enter(keys, args[1])
  if not sale then return nil, refused end
  local ops, wanted = read_commands(args)
  local members = due(sale, keys)
  for _, name in ipairs(members) do wanted.seqs[#wanted.seqs + 1] = sub(name, 2) end
  sale.changes_orders = #wanted.seqs > 0
  load(sale, keys, wanted)
  expire(sale, members)
  return sale, answer(sale, keys, ops)
end

local function reserve(keys, args)
  local sale, reply = decide(keys, args)
  -- From here the call succeeds: only writes below.
  return sale and commit(sale, keys) or reply
end

local apply = reserve

-- Shows the sale as the next call will find it: holds that are due have expired.
local function look(keys, args)
  local _, reply = decide(keys, args)
  return reply
end

-- create: creates a sale that has a number in the list. Its gate opens at once, because there are no facts to lose.
-- args   header, number, stock without units, run of the process, 1 if the list says that it was created before, then
--        the transition
-- reply  as above, with one code
local function create(keys, args)
  local nonce, id, _, told, given, expected, steady = match(args[1], HEADER)
  local now, clock, behind = tell_time(given, told, 0, expected, steady)
  if not now then return clock_reply(nonce, clock, behind) end
  if call('HEXISTS', keys[1], 'stock') == 1 then return { nonce, 'ok', '', '0', format('%d', now), '@exists@' } end
  -- A sale that was created before and is missing was lost. Only the ledger can bring it back.
  if args[5] == '1' then return { nonce, 'missing' } end
  local sale = new_sale({ number = tonumber(args[2]), epoch = '1', seq = 0, hash = '', ledger_seq = 0, standing = 'active',
    recall = '', version = '0', at = '', opensAt = '0', holdSeconds = '', released = 0, items = unpack_stock(args[3]), held = 0, owner = {},
    stored = {}, used = {} })
  sale.nonce, sale.id, sale.backlog = nonce, id, 1
  sale.now = now
  sale.clock = format('%d', sale.now)
  set(sale, 'number', args[2], 'epoch', sale.epoch, 'drained', '0', 'standing', sale.standing, 'recall', '', 'run', args[4])
  local op = READ.t(args, 6, { customers = {}, seqs = {}, uses = {} })
  op.tag = 't'
  -- Keys may be left from a creation that failed halfway and was never answered.
  if call('EXISTS', unpack(keys)) > 0 then call('UNLINK', unpack(keys)) end
  local reply = answer(sale, keys, { op })
  local torn = commit(sale, keys)
  if torn then return torn end
  if reply[6] == '@applied@' then gate[id] = sale.epoch end
  return reply
end

-- Each function is registered under its own name followed by the version, so that two releases can share a store.
local function register(name, callee, ...)
  local function callback(keys, args)
    if not call then remember_globals() end
    return callee(keys, args)
  end
  redis.register_function({ function_name = name .. '_@version@', callback = callback, flags = { ... } })
end

register('reserve', reserve)
-- Commands that free units, or take none, still run when the memory is full.
register('apply', apply, 'allow-oom')
register('look', look, 'no-writes')
register('create', create)
register('number_sale', number_sale)
register('enlist', enlist)
register('open_list', open_list)
register('list_sales', list_sales, 'no-writes')
register('snapshot', snapshot, 'no-writes')
register('find_order', find_order, 'no-writes')
register('list_orders', list_orders, 'no-writes')
register('list_holders', list_holders, 'no-writes')
register('opened', opened, 'no-writes')
register('open_sale', open_sale, 'allow-oom')
register('trim', trim, 'allow-oom')
register('forget', forget, 'allow-oom')
register('put_orders', put_orders)
register('put_uses', put_uses)
register('rebuilt', rebuilt)
