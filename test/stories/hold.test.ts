import { stories } from "../support/story/story.ts"

stories("a launch with a basket", {
  "given a hold that is not paid in time, the unit goes to another customer": `
    sale    shoes  total 2  limit 1  hold 60s
    reserve shoes  ann k1              -> held
    reserve shoes  bob k2              -> held
    reserve shoes  eve k3              -> all_held       # a hold may still expire
    wait    30s
    confirm shoes  ann k1              -> confirmed
    stock   shoes                      -> free 0 held 1 sold 1
    reserve shoes  eve k3              -> all_held
    wait    30s
    stock   shoes                      -> free 1 held 0 sold 1
    order   shoes  bob k2              -> released expired
    confirm shoes  bob k2              -> order_released
    reserve shoes  eve k3              -> held
    confirm shoes  eve k3              -> confirmed
    reserve shoes  bob k4              -> sold_out`,

  "given a confirmation 1 ms before the deadline, the order is confirmed": `
    sale    shoes  total 1  limit 1  hold 60s
    reserve shoes  ann k1              -> held
    wait    59999ms
    confirm shoes  ann k1              -> confirmed
    wait    1m
    stock   shoes                      -> free 0 held 0 sold 1`,

  "given a cancellation and a declined card, both units become free": `
    sale    shoes  total 2  limit 1  hold 60s
    reserve shoes  ann k1              -> held
    reserve shoes  bob k2              -> held
    cancel  shoes  ann k1              -> released
    cancel  shoes  ann k1              -> replayed released
    confirm shoes  ann k1              -> order_released
    decline shoes  bob k2              -> released
    order   shoes  ann k1              -> released cancelled
    order   shoes  bob k2              -> released payment_failed
    stock   shoes                      -> free 2 held 0 sold 0
    reserve shoes  ann k1              -> replayed released   # this order is released
    reserve shoes  ann k3              -> held                # this is a new order`,

  "given another customer's order, confirming and cancelling are order_unknown": `
    sale    shoes  total 1  limit 1  hold 60s
    reserve shoes  ann k1              -> held
    confirm shoes  ann k1  by eve      -> order_unknown
    cancel  shoes  ann k1  by eve      -> order_unknown
    stock   shoes                      -> free 0 held 1 sold 0
    confirm shoes  ann k1              -> confirmed
    confirm shoes  ann k1              -> replayed confirmed`,

  "given a crowd whose holds all expire, every unit is free again": `
    sale    phone  total 100  limit 1  hold 5m
    crowd   phone  1000                -> held 100 all_held 900
    stock   phone                      -> free 0 held 100 sold 0
    wait    5m
    stock   phone                      -> free 100 held 0 sold 0
    reserve phone  ann k1              -> held
    stock   phone                      -> free 99 held 1 sold 0`,
})
