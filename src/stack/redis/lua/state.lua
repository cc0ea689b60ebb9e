-- A sale as one call sees it. A call reads everything first and decides in these tables; only `commit` writes.
-- The field `drained` of meta is the seq up to which the ledger has the facts.
-- keys   1 meta  2 customers  3 orders  4 deadlines  5 journal  6 uses: all of one sale, so all in one slot
-- reply  { nonce, "ok", head, ... } | { nonce, "closed" } | { nonce, "missing" } | { nonce, "epoch", epoch }
--        | { nonce, "clock", the store's time, how far it is behind or 0 }: the call decided nothing

-- Set by the first call, because globals are not available while a library is loaded.
local call, match, gmatch, find_text, sub, format, char, concat, rep, max, min, floor, unpack_text, sha1hex

-- Texts of 0 to 999, plain and with zeros in front.
local PLAIN, PADDED = {}, {}

local function remember_globals()
  call, match, gmatch, sub = redis.call, string.match, string.gmatch, string.sub
  find_text, format, char, concat = string.find, string.format, string.char, table.concat
  max, min, floor = math.max, math.min, math.floor
  rep, unpack_text, sha1hex = string.rep, struct.unpack, redis.sha1hex
  for number = 0, 999 do PLAIN[number], PADDED[number] = format('%d', number), format('%03d', number) end
  -- A batch makes a megabyte of short-lived texts. Collecting garbage after each tenth of it costs a third of the speed.
  collectgarbage('setpause', 1000)
end

-- A whole number's digits in three parts, for a longer text. They are looked up: `format` takes as long as to look up ten, and Lua
-- hashes each text that it makes.
local function digits(number)
  local low = number % 1000
  if number < 1000 then return '', '', PLAIN[number] end
  number = (number - low) / 1000
  local mid = number % 1000
  if number < 1000 then return '', PLAIN[number], PADDED[low] end
  number = (number - mid) / 1000
  return PLAIN[number] or format('%d', number), PADDED[mid], PADDED[low]
end

-- Cuts a text into pieces of the given widths: `c36c4` is one of 36 characters and one of 4.
local function cut(widths, text)
  local pieces = { unpack_text(widths, text) }
  -- The last value is not a piece, but where the reading ended.
  pieces[#pieces] = nil
  return pieces
end

-- The epoch of each sale whose gate is open. It is kept in memory alone: a restart, a promotion or a new library clears
-- it, and then no sale sells until it is recovered.
local gate = {}
-- The latest time of any call. All sales share one clock.
local newest = 0
-- A clock that is off by more than this many milliseconds has jumped.
local JUMP = 2000

local META = { 'number', 'epoch', 'seq', 'hash', 'at', 'drained', 'standing', 'opensAt', 'closesAt', 'holdSeconds',
  'limit', 'checkout', 'version', 'recall', 'stock', 'maxReleases', 'cooldownSeconds', 'released' }

-- 1 -> A, 26 -> Z, 27 -> AA: the letters at the start of the sale's order ids.
local function letters(number)
  local text = ''
  while number > 0 do
    text = char(65 + (number - 1) % 26) .. text
    number = floor((number - 1) / 26)
  end
  return text
end

-- `sku,free,held,sold,total,amount,currency` of each item.
local function unpack_stock(text)
  local items, held = {}, 0
  for sku, free, reserved, sold, total, amount, currency in
    gmatch(text, '([^, ]+),(%d+),(%d+),(%d+),(%d+),(%d+),([^, ]*)') do
    local item = { sku = sku, index = #items + 1, free = tonumber(free), held = tonumber(reserved),
      sold = tonumber(sold), total = tonumber(total), amount = amount, currency = currency }
    items[#items + 1] = item
    items[sku] = item
    held = held + item.held
  end
  return items, held
end

local function pack_stock(items)
  local texts = {}
  for index, item in ipairs(items) do
    texts[index] = format('%s,%d,%d,%d,%d,%s,%s', item.sku, item.free, item.held, item.sold, item.total,
      item.amount, item.currency)
  end
  return concat(texts, ' ')
end

-- Adds empty lists for what this call will write.
local function new_sale(sale)
  sale.letters = letters(sale.number)
  sale.facts, sale.made, sale.kept, sale.paid, sale.gone, sale.changes, sale.uses = {}, {}, {}, {}, {}, {}, {}
  sale.customers, sale.touched, sale.parsed, sale.writing = {}, {}, {}, 0
  return sale
end

-- Notes fields and values of the sale's meta to be written.
local function set(sale, ...)
  local changes = sale.changes
  for _, value in ipairs({ ... }) do changes[#changes + 1] = value end
end

local function read_meta(keys)
  local meta = call('HMGET', keys[1], unpack(META))
  local seq, stock = meta[3], meta[15]
  if not seq or not stock then return nil end
  local items, held = unpack_stock(stock)
  return new_sale({ number = tonumber(meta[1]), epoch = meta[2], seq = tonumber(seq), hash = meta[4], at = meta[5],
    ledger_seq = tonumber(meta[6]), standing = meta[7], opensAt = meta[8], closesAt = meta[9], holdSeconds = meta[10],
    limit = tonumber(meta[11]), checkout = meta[12], version = meta[13], recall = meta[14], items = items, held = held,
    maxReleases = meta[16], cooldownSeconds = meta[17], released = tonumber(meta[18] or 0) })
end

-- Whether only an administrator can change the sale: nothing is held, and nothing can be bought.
local function is_quiet(sale)
  local is_open = sale.standing == 'active' and sale.now >= tonumber(sale.opensAt)
  for _, item in ipairs(sale.items) do
    if item.held > 0 or (item.free > 0 and is_open) then return false end
  end
  return true
end

-- The store's own clock, unless a test gives the time. A step back of up to two seconds is waited out. Also returns by how
-- much more the clock is behind a time that it has shown before, or 0.
local function read_clock(given)
  local now
  if given ~= '' then
    now = tonumber(given)
  else
    local time = call('TIME')
    now = time[1] * 1000 + floor(time[2] / 1000)
  end
  if newest - now > JUMP then return now, newest - now end
  if now > newest then newest = now end
  return newest, 0
end

-- The time at which the call decides. It is never before the journal's last fact, nor before the time that the caller has from
-- another node, unless the clock was ahead and has been put right. Returns nil, the clock and how far it is behind if the
-- call must decide nothing: the caller, by its elapsed time, expects another time, or it does not know yet whether a clock
-- that went back is steady.
local function tell_time(given, told, at, expected, steady)
  local now, behind = read_clock(given)
  told, at = tonumber(told), tonumber(at)
  if behind == 0 and told > now and told - now <= JUMP then
    now, newest = told, told
  end
  if at - now > behind then behind = at - now end
  if expected == '' or now - expected > JUMP or expected - now > JUMP then return nil, now, behind end
  if behind > JUMP then
    if steady ~= '1' then return nil, now, behind end
    newest = now
  elseif at > now then
    now = at
    newest = max(newest, at)
  end
  return now
end

local function clock_reply(nonce, now, behind)
  return { nonce, 'clock', format('%d', now), format('%d', behind > JUMP and behind or 0) }
end

-- Stops the call if the stock does not add up.
local function check_stock(items)
  for _, item in ipairs(items) do
    if item.free + item.held + item.sold ~= item.total then error('CONSERVATION ' .. item.sku, 0) end
  end
end

local HEADER = '^(%d+)|([%w_-]+)|(%d+)|(%d+)|(%d*)|(%d*)|([01])|(%d+)|([01])|(%d+)$'

-- header  nonce|sale|epoch|latest time told|clock of a test|the time that the caller expects, if it knows|1 if it has seen the
--         clock steady|the most facts that the ledger may lack|1 to write in every call|the most released orders of the sale
local function enter(keys, header)
  local nonce, id, epoch, told, given, expected, steady, backlog, writes, released_max = match(header, HEADER)
  if not nonce then error('HEADER is malformed', 0) end
  local sale = read_meta(keys)
  if not sale then return nil, { nonce, 'missing' } end
  if gate[id] ~= sale.epoch then return nil, { nonce, 'closed' } end
  if epoch ~= sale.epoch then
    if tonumber(epoch) > tonumber(sale.epoch) then return nil, { nonce, 'closed' } end
    return nil, { nonce, 'epoch', sale.epoch }
  end
  check_stock(sale.items)
  sale.nonce, sale.id, sale.writes, sale.backlog = nonce, id, writes == '1', tonumber(backlog)
  sale.released_max = tonumber(released_max)
  local now, clock, behind = tell_time(given, told, sale.at, expected, steady)
  if not now then return nil, clock_reply(nonce, clock, behind) end
  sale.now = now
  sale.was_ahead = sale.at - now > JUMP
  sale.clock = format('%d', sale.now)
  return sale
end

-- The head of a sale, which every reply carries.
local function head(sale, first_deadline)
  local at = #sale.facts > 0 and sale.clock or sale.at
  return concat({ sale.epoch, format('%d', sale.seq), sale.hash, at, sale.standing, sale.version, sale.recall, sale.opensAt,
    sale.holdSeconds, first_deadline or '', pack_stock(sale.items) }, '|')
end

-- The journal: one fact per transition, chained by hash. Each line of a stream entry is the text whose digest is the hash of its
-- fact (core/fact.ts). It begins with the hash of the fact before it, so a fact's own hash begins the next line. The last line is
-- the last hash alone. A line is made once, because Lua also hashes each string that it makes.

-- The most bytes of an entry, unless a single fact has more. Lua joins texts in a buffer of 8,192 bytes, and makes, hashes and
-- joins again a text of each buffer that is full.
local ENTRY_MAX = 8192

-- Moves units between an item's counters. Stops the call, before any write, if that would break free + held + sold = total.
local function move(item, free, held, sold)
  local f, h, s = item.free + free, item.held + held, item.sold + sold
  if f < 0 or h < 0 or s < 0 or f + h + s ~= item.total then error('CONSERVATION ' .. item.sku, 0) end
  item.free, item.held, item.sold = f, h, s
end

-- Appends the fact with this text.
local function link(sale, text)
  local facts = sale.facts
  facts[#facts + 1] = text
  sale.seq = sale.seq + 1
  sale.hash = sha1hex(text)
end

-- Writes the call's facts, in as many entries as they fill. The id of an entry is the seq of its last fact. A transition of several
-- facts is in one entry, because a fault between two entries would leave the first to the ledger.
local function write_journal(sale, keys)
  local facts = sale.facts
  local count = #facts
  local first, size, before = 1, #sale.hash, sale.seq - count
  local function write_entry(last, hash)
    local after = facts[last + 1]
    facts[last + 1] = hash
    call('XADD', keys[5], format('%d-0', before + last), 'facts', concat(facts, '\n', first, last + 1))
    facts[last + 1] = after
    first, size = last + 1, #hash
  end
  for index = 1, count do
    local width = #facts[index] + 1
    if size + width > ENTRY_MAX and index > first and not sale.in_one_entry then write_entry(index - 1, sub(facts[index], 1, #sale.hash)) end
    size = size + width
  end
  write_entry(count, sale.hash)
end

-- `subject` holds sku|order|customer|key|quantity|amount|currency|payBefore|reason. `data` is the
-- canonical text of the fact's further fields (core/fact-data.ts); a fact that has any is of version 2.
local function append(sale, kind, subject, item, terms, data)
  local stock = item and format('%d|%d|%d', item.free, item.held, item.sold) or '||'
  local rest = data and '2|' .. data .. '|' .. terms or terms
  link(sale, concat({ sale.hash, sale.id, format('%d', sale.seq + 1), sale.clock, kind, subject, stock, rest }, '|'))
end
