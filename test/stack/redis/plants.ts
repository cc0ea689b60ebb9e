/** What somebody might get wrong in the functions, and a sentence of the contract that must notice. */
export interface Plant {
  /** Each of these texts of the library is replaced by the other. */
  change: [right: string, wrong: string][]
  /** `subject: sentence` of the contract. */
  caughtBy: string
}

export const PLANTS: Record<string, Plant> = {
  "one unit more is sold than there is": {
    change: [
      ["elseif item.free < quantity then", "elseif item.free + 1 < quantity then"],
      ["if f < 0 or h < 0 or s < 0 or f + h + s ~= item.total then", "if f + h + s ~= item.total then"],
    ],
    caughtBy: "stock: the last unit is sold once to those who ask in calls under way at once",
  },
  "units are taken and not sold": {
    change: [
      ["move(item, -quantity, 0, quantity)", "item.free = item.free - quantity"],
      ["if item.free + item.held + item.sold ~= item.total then", "if false then"],
    ],
    caughtBy: "stock: an order names what was bought, for how much, and by whom",
  },
  "keys are forgotten": {
    change: [["if order.key == key then\n      local item", "if false then\n      local item"]],
    caughtBy: "replay: the same key is the same order, and no second effect",
  },
  "a key may name another payload": {
    change: [["if item.sku ~= op.sku or order.quantity ~= op.quantity then return 'k' end", ""]],
    caughtBy: "replay: a key names one payload",
  },
  "the limit counts each order alone": {
    change: [["elseif over or (units and units + quantity > sale.limit) then", "elseif over then"]],
    caughtBy: "limits: the limit counts a customer's orders under every key, and names the first of them",
  },
  "released units count against the limit": {
    change: [["if order.state ~= 'r' then\n      units", "if true then\n      units"]],
    caughtBy: "limits: held units count, released ones no longer do",
  },
  "what comes too late is sold to": {
    change: [["elseif maybe_late and is_late(sale, op, nth) then", "elseif false then"]],
    caughtBy: "replay: an attempt that comes too late has no effect",
  },
  "a customer's second attempt in a call does not see the first": {
    change: [
      [
        "local mine = touched[customer] and packed_of(sale, customer) or stored[customer]",
        "local mine = stored[customer]",
      ],
    ],
    caughtBy: "replay: the same key in one call and in calls under way at once is one order",
  },
  "the chain skips what it should hash": {
    change: [["sale.hash = redis.sha1hex(text)", "sale.hash = redis.sha1hex(sub(text, 41))"]],
    caughtBy: "journal: every fact is chained to the one before it, and the sale to the last",
  },
  "the sale opens a moment late": {
    change: [["if sale.now < tonumber(sale.opensAt) then", "if sale.now <= tonumber(sale.opensAt) then"]],
    caughtBy: "windows: a request 1 ms before the opening changes nothing and is told when to come back",
  },
  "holds do not expire": {
    change: [["if sale.held == 0 then return {} end", "if true then return {} end"]],
    caughtBy: "expiry: an expired unit is there for the very call that finds it expired",
  },
  "a hold is confirmed after its time": {
    change: [
      ["local EXPIRED_PER_CALL_MAX = 1000", "local EXPIRED_PER_CALL_MAX = 1"],
      ["reply[6] = concat(answers)", "reply[5], reply[6] = '0', concat(answers)"],
    ],
    caughtBy: "expiry: a crowd of holds expires in a few calls, and none is confirmed or cancelled after its time",
  },
  "the earliest deadline is that of an order that is gone": {
    change: [
      ["      sale.gone[name] = true\n", ""],
      ["call('ZREM', keys[4], unpack(sale.paid))", "call('HLEN', keys[1])"],
    ],
    caughtBy: "expiry: nothing free is all_held while a held unit may return, and sold_out when none can",
  },
}
