-- create: a sale that the list has given its number. It begins with the gate open: nobody can have forgotten anything.
-- args   header, number, opensAt, closesAt, holdSeconds, limit, checkout, stock, document, terms, run of the process,
--        1 if the list remembers that it was created before
-- reply  as `decide`, with the answer W and the document, or e if it exists

local function create(keys, args)
  local nonce, id, _, told, given = match(args[1], '^(%d+)|([%w_-]+)|(%d+)|(%d+)|(%d*)|%d+|[01]$')
  if call('HEXISTS', keys[1], 'stock') == 1 then return { nonce, 'ok', '', '0', '0', 'e' } end
  -- What was created and is gone was lost: only the ledger may bring it back.
  if args[12] == '1' then return { nonce, 'missing' } end
  local items = unpack_stock(args[8])
  local sale = { nonce = nonce, id = id, number = tonumber(args[2]), epoch = '1', seq = 0, hash = '', drained = 0,
    standing = 'active', opensAt = args[3], closesAt = args[4], holdSeconds = args[5], recall = '', version = '1-1',
    items = items, now = tell_time(given, told, 0), facts = {}, customers = {}, made = {}, kept = {}, paid = {} }
  sale.clock = format('%d', sale.now)
  local totals = {}
  for index, item in ipairs(items) do
    totals[index] = item.total
    item.total, item.free = 0, 0
  end
  append(sale, 'created', NO_ORDER, nil, args[10])
  for index, item in ipairs(items) do stock(sale, item, totals[index]) end
  sale.changes = { 'number', args[2], 'epoch', sale.epoch, 'drained', '0', 'standing', sale.standing,
    'opensAt', args[3], 'closesAt', args[4], 'holdSeconds', args[5], 'limit', args[6], 'checkout', args[7],
    'version', sale.version, 'recall', '', 'document', args[9], 'run', args[11] }
  -- What a creation left that was torn and never answered.
  if call('EXISTS', unpack(keys)) > 0 then call('UNLINK', unpack(keys)) end
  local reply = { nonce, 'ok', head(sale), '0', sale.clock, 'W', head(sale), args[9] }
  local torn = commit(sale, keys)
  if torn then return torn end
  gate[id] = sale.epoch
  return reply
end
