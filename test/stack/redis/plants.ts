/** Plausible mistakes in the functions, and a rule of the contract that must fail. */
export interface Plant {
  /** Texts of the library and their replacements. */
  change: [right: string, wrong: string][]
  /** The rule of the contract, as `subject: sentence`. */
  caughtBy: string
}

export const PLANTED_BUGS: Record<string, Plant> = {
  "one unit too many is sold": {
    change: [
      ["elseif item.free < quantity then", "elseif item.free + 1 < quantity then"],
      ["if f < 0 or h < 0 or s < 0 or f + h + s ~= item.total then", "if f + h + s ~= item.total then"],
    ],
    caughtBy: "stock: several concurrent calls for the last unit sell it once",
  },
  "units leave the free stock and are not sold": {
    change: [
      ["move(item, -quantity, 0, quantity)", "item.free = item.free - quantity"],
      ["if item.free + item.held + item.sold ~= item.total then", "if false then"],
    ],
    caughtBy: "stock: an order contains item, quantity, price and customer",
  },
  "the store forgets keys": {
    change: [
      ["if not text then return nil, count_packed(mine) end", "if true then return nil, count_packed(mine) end"],
    ],
    caughtBy: "replay: a repeated key returns the same order and has no second effect",
  },
  "a key accepts another payload": {
    change: [["if item.sku ~= op.sku or order.quantity ~= op.quantity then return 'k' end", ""]],
    caughtBy: "replay: a key that is used with another payload is key_reused",
  },
  "the limit counts each order alone": {
    change: [["elseif over or (units and units + quantity > sale.limit) then", "elseif over then"]],
    caughtBy: "limits: the limit counts a customer's orders under all keys, and a refusal names the first",
  },
  "released units count against the limit": {
    change: [["if state == 'r' then\n      releases", "if false then\n      releases"]],
    caughtBy: "limits: held units count against the limit, released units do not",
  },
  "an attempt after its notAfter still buys": {
    change: [["elseif maybe_late and is_late(sale, op, nth) then", "elseif false then"]],
    caughtBy: "replay: an attempt after its notAfter has no effect",
  },
  "a customer's second attempt in a call does not see the first": {
    change: [
      [
        "local mine = touched[customer] and packed_of(sale, customer) or stored[customer]",
        "local mine = stored[customer]",
      ],
    ],
    caughtBy: "replay: the same key in one call or in concurrent calls makes one order",
  },
  "a hash does not cover the previous one": {
    change: [["sale.hash = sha1hex(text)", "sale.hash = sha1hex(sub(text, 41))"]],
    caughtBy: "journal: every fact's hash covers the previous one, and the sale has the last hash",
  },
  "a sold-out sale refuses everybody, its own customers too": {
    change: [["not sale.has_orders and not maybe_late", "not maybe_late"]],
    caughtBy: "replay: a repetition gets the order, also in a call with others who are sold_out",
  },
  "a sold-out sale refuses a customer whom the same call has sold to": {
    change: [["are_alike and sale.writing == 0 and", "are_alike and"]],
    caughtBy: "replay: a repetition gets the order, also in a call with others who are sold_out",
  },
  "a late attempt is refused like the others of its call": {
    change: [["not sale.has_orders and not maybe_late", "not sale.has_orders"]],
    caughtBy: "replay: lateness takes precedence over stock, for each attempt of a call",
  },
  "the sale opens a millisecond late": {
    change: [["if sale.now < tonumber(sale.opensAt) then", "if sale.now <= tonumber(sale.opensAt) then"]],
    caughtBy: "windows: an attempt 1 ms before the opening changes nothing and gets the opening as retryAt",
  },
  "holds do not expire": {
    change: [["if sale.held == 0 then return {} end", "if true then return {} end"]],
    caughtBy: "expiry: the call that finds a hold expired can buy its unit",
  },
  "a hold can be confirmed after its deadline": {
    change: [
      ["local EXPIRED_PER_CALL_MAX = 1000", "local EXPIRED_PER_CALL_MAX = 1"],
      ["reply[6] = concat(answers)", "reply[5], reply[6] = '0', concat(answers)"],
    ],
    caughtBy: "expiry: many holds expire within a few calls, and none is confirmed or cancelled after its deadline",
  },
  "the earliest deadline belongs to an order that is no longer held": {
    change: [
      ["      sale.gone[name] = true\n", ""],
      ["call('ZREM', keys[4], unpack(sale.paid))", "call('HLEN', keys[1])"],
    ],
    caughtBy: "expiry: with no free unit the answer is all_held while units are held, and sold_out otherwise",
  },
  "releases count for nothing": {
    change: [["elseif releases and releases >= op.max_releases then", "elseif false then"]],
    caughtBy: "releases: after 20 releases a customer gets no further order, and other customers do",
  },
  "a key is found in another field": {
    change: [["if stop == #packed or sub(packed, stop + 1, stop + 1) == ';' then", "if true then"]],
    caughtBy: "releases: a key that ends like another one names an order of its own",
  },
  "only the first release begins a cool-down": {
    change: [["  sale.used[name] = sale.clock\n", "  if sale.used[name] then return end\n"]],
    caughtBy: "releases: a cool-down begins again with each release, within one call too",
  },
  "a cool-down ends a moment late": {
    change: [["return ready and sale.now < ready and ready", "return ready and sale.now <= ready and ready"]],
    caughtBy:
      "releases: during a cool-down the answer is rate_limited until the time that it names, after replay, limit and stock",
  },
}
