-- The journal: one fact per transition, chained by hash; one stream entry per call, so that a batch costs one XADD.
-- Each line of an entry is the text whose digest is the hash of its fact (core/fact.ts), which begins with the hash before
-- it; so the fact's own hash begins the next line. The last line is the last hash alone. What Lua concatenates it also
-- hashes for itself, byte by byte: no text is made twice.

-- Moves units between the counters of an item. What would break free + held + sold = total stops the call, unwritten.
local function move(item, free, held, sold)
  local f, h, s = item.free + free, item.held + held, item.sold + sold
  if f < 0 or h < 0 or s < 0 or f + h + s ~= item.total then error('CONSERVATION ' .. item.sku, 0) end
  item.free, item.held, item.sold = f, h, s
end

-- Puts the fact whose text this is behind the others.
local function link(sale, text)
  local facts = sale.facts
  facts[#facts + 1] = text
  sale.seq = sale.seq + 1
  sale.hash = redis.sha1hex(text)
end

local NO_ORDER = '||||||||'

-- `subject` is what the fact is about: sku|order|customer|key|quantity|amount|currency|payBefore|reason. `data` is the
-- canonical text of what the kind says beyond that (core/fact-data.ts); a fact that has any is of version 2.
local function append(sale, kind, subject, item, terms, data)
  local stock = item and format('%d|%d|%d', item.free, item.held, item.sold) or '||'
  local rest = data and '2|' .. data .. '|' .. (terms or '') or terms or ''
  link(sale, concat({ sale.hash, sale.id, format('%d', sale.seq + 1), sale.clock, kind, subject, stock, rest }, '|'))
end
