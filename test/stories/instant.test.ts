import { stories } from "../support/story/story.ts"

stories("an instant launch", {
  "given two pairs of shoes and three buyers, the third gets sold_out": `
    sale    shoes  total 2  limit 1
    reserve shoes  ann k1              -> confirmed
    reserve shoes  ann k1              -> replayed confirmed   # she pressed twice
    reserve shoes  bob k2              -> confirmed
    reserve shoes  eve k3              -> sold_out
    reserve shoes  ann k1              -> replayed confirmed   # and never reads sold out
    stock   shoes                      -> free 0 held 0 sold 2`,

  "given a sale that opens in 60 s, attempts before that are refused": `
    sale    shoes  total 2  limit 1  opens 60s
    reserve shoes  ann k1              -> sale_not_open
    wait    59999ms
    reserve shoes  ann k1              -> sale_not_open
    stock   shoes                      -> free 2 held 0 sold 0
    wait    1ms
    reserve shoes  ann k1              -> confirmed
    stock   shoes                      -> free 1 held 0 sold 1`,

  "given a sale that closes in 60 s, later attempts are refused and replays answered": `
    sale    shoes  total 2  limit 1  closes 60s
    reserve shoes  ann k1              -> confirmed
    wait    1m
    reserve shoes  bob k2              -> sale_closed
    reserve shoes  ann k1              -> replayed confirmed
    stock   shoes                      -> free 1 held 0 sold 1`,

  "given 100 phones and 1,000 customers, exactly 100 are sold": `
    sale    phone  total 100  limit 1
    crowd   phone  1000                -> confirmed 100 sold_out 900
    stock   phone                      -> free 0 held 0 sold 100
    crowd   phone  1000                -> replayed confirmed 100 sold_out 900
    stock   phone                      -> free 0 held 0 sold 100`,

  "given a confirmed order, a cancellation is refused": `
    sale    shoes  total 1  limit 1
    reserve shoes  ann k1              -> confirmed
    cancel  shoes  ann k1              -> order_confirmed
    order   shoes  ann k1              -> confirmed
    stock   shoes                      -> free 0 held 0 sold 1`,
})
