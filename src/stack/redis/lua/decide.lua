-- reserve, change: a batch of commands of one sale, decided in order.
-- args   header, then one command after the other (see `reserve`, `change_order` and `administer`)
-- reply  { nonce, "ok", head, seq before the first command, now, a letter for each answer, texts that some answers need }

local READ = {}

function READ.r(args, at)
  local op = { sku = args[at + 1], units = args[at + 2], quantity = tonumber(args[at + 2]), count = tonumber(args[at + 3]),
    earliest = tonumber(args[at + 4]), lates = args[at + 5], rests = args[at + 6], from = at + 6 }
  return op, at + 7 + op.count
end

function READ.c(args, at)
  return { seq = args[at + 1], suffix = args[at + 2], by = args[at + 3] }, at + 4
end

function READ.x(args, at)
  return { seq = args[at + 1], suffix = args[at + 2], by = args[at + 3], reason = args[at + 4] }, at + 5
end

function READ.s(args, at)
  return { sku = args[at + 1], units = tonumber(args[at + 2]) }, at + 3
end

function READ.t(args, at)
  return { version = args[at + 1], opensAt = args[at + 2], closesAt = args[at + 3], holdSeconds = args[at + 4],
    limit = args[at + 5], document = args[at + 6], terms = args[at + 7] }, at + 8
end

local function read_alone(_, at)
  return {}, at + 1
end

READ.p, READ.a, READ.z = read_alone, read_alone, read_alone

local function read_commands(args)
  local ops, customers, seqs, at, count = {}, {}, {}, 2, 0
  while args[at] do
    local tag = args[at]
    local op, after = READ[tag](args, at)
    op.tag = tag
    ops[#ops + 1] = op
    if tag == 'r' then
      for index = at + 7, after - 1 do
        count = count + 1
        customers[count] = args[index]
      end
    elseif op.seq then
      seqs[#seqs + 1] = op.seq
    end
    at = after
  end
  return ops, customers, seqs
end

local function decide(keys, args)
  local sale, refused = enter(keys, args[1])
  if not sale then return refused end
  local ops, customers, seqs = read_commands(args)
  local members = due(sale, keys)
  for _, name in ipairs(members) do seqs[#seqs + 1] = sub(name, 2) end
  sale.changes_orders = #seqs > 0
  load(sale, keys, customers, seqs, #customers > 0)
  expire(sale, members)

  local reply, answers = { sale.nonce, 'ok', '', format('%d', sale.seq), sale.clock, '' }, {}
  for _, op in ipairs(ops) do
    if op.tag == 'r' then
      reserve(sale, keys, op, args, reply, answers)
    elseif op.seq then
      answers[#answers + 1] = change_order(sale, op, reply)
    else
      answers[#answers + 1] = administer(sale, keys, op, reply)
    end
  end
  reply[3] = head(sale, first_deadline(sale, keys))
  reply[6] = concat(answers)
  -- From here the call succeeds: only writes below.
  return commit(sale, keys) or reply
end
