-- Functions that only read. They also answer while the gate is closed.

-- args nonce, sale, the version of the document that the caller has, clock of a test
-- reply { nonce, "open" | "closed", head, number, seq of the ledger, now, document unless the caller has it } | { nonce, "missing" }
local function snapshot(keys, args)
  local sale = read_meta(keys)
  if not sale then return { args[1], 'missing' } end
  local reply = { args[1], gate[args[2]] == sale.epoch and 'open' or 'closed', head(sale, first_deadline(sale, keys)),
    format('%d', sale.number), format('%d', sale.ledger_seq), format('%d', (read_clock(args[4]))) }
  if sale.version ~= args[3] then reply[7] = call('HGET', keys[1], 'document') end
  return reply
end

-- args nonce, seq of the fact that created the order. reply { nonce, "ok", customer, all orders of that customer }
local function find_order(keys, args)
  local customer = owner_in(call('HGET', keys[3], block_of(args[2])), args[2])
  if not customer then return { args[1], 'none' } end
  return { args[1], 'ok', customer, call('HGET', keys[2], customer) }
end

local BLOCKS_PER_PAGE = 64

-- args nonce, after, limit. reply { nonce, "ok" | "end", seq to continue after, seq, customer, all orders of that customer, ... }
local function list_orders(keys, args)
  local after, limit = tonumber(args[2]), tonumber(args[3])
  local last = tonumber(call('HGET', keys[1], 'seq') or 0)
  if after >= last then return { args[1], 'end', args[2] } end
  local first = floor((after + 1) / BLOCK)
  local upto = min(last, (first + BLOCKS_PER_PAGE) * BLOCK - 1)
  local blocks, seqs, customers = {}, {}, {}
  for block = first, floor(upto / BLOCK) do blocks[#blocks + 1] = format('%d', block) end
  for index, text in ipairs(call('HMGET', keys[3], unpack(blocks))) do
    for letter, customer in gmatch(text or '', ' (.)([^ ]+)') do
      local seq = (first + index - 1) * BLOCK + letter:byte() - 65
      if seq > after and #seqs < limit then
        seqs[#seqs + 1] = seq
        customers[#customers + 1] = customer
      end
    end
  end
  if #seqs == limit then upto = seqs[limit] end
  local reply = { args[1], upto >= last and 'end' or 'ok', format('%d', upto) }
  if #seqs == 0 then return reply end
  for index, packed in ipairs(call('HMGET', keys[2], unpack(customers))) do
    reply[#reply + 1] = format('%d', seqs[index])
    reply[#reply + 1] = customers[index]
    reply[#reply + 1] = packed
  end
  return reply
end

local HOLDERS_PER_PAGE = 1000

-- args nonce, cursor. reply { nonce, epoch, seq, next cursor, customer, ... }
local function list_holders(keys, args)
  local meta = call('HMGET', keys[1], 'epoch', 'seq')
  local page = call('HSCAN', keys[2], args[2], 'COUNT', HOLDERS_PER_PAGE)
  local reply = { args[1], meta[1] or '', meta[2] or '', page[1] }
  for index = 1, #page[2], 2 do reply[#reply + 1] = page[2][index] end
  return reply
end
