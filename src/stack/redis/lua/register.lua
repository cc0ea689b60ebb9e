-- The version is part of every name, so that two releases can call theirs side by side.
local function register_as(name, decide, ...)
  local function callback(keys, args)
    if not call then remember_globals() end
    return decide(keys, args)
  end
  redis.register_function({ function_name = name .. '_@version@', callback = callback, flags = { ... } })
end

register_as('reserve', decide)
-- What frees units, or takes none, goes on when the memory is full.
register_as('change', decide, 'allow-oom')
register_as('create', create)
register_as('register', register)
register_as('enlist', enlist)
register_as('open_list', open_list)
register_as('numbers', numbers, 'no-writes')
register_as('snapshot', snapshot, 'no-writes')
register_as('order', order, 'no-writes')
register_as('orders', orders, 'no-writes')
register_as('holders', holders, 'no-writes')
register_as('opened', opened, 'no-writes')
register_as('open_sale', open_sale, 'allow-oom')
register_as('drained', drained, 'allow-oom')
register_as('forget', forget, 'allow-oom')
register_as('put_orders', put_orders)
register_as('rebuilt', rebuilt)
