import { stories } from "../support/story/story.ts"

stories("a restock", {
  "given a sold-out sale, a restock sells again": `
    sale    shoes  total 1  limit 1
    reserve shoes  ann k1              -> confirmed
    reserve shoes  bob k2              -> sold_out
    restock shoes  2                   -> done
    stock   shoes                      -> free 2 held 0 sold 1
    reserve shoes  bob k2              -> confirmed     # the same click, tried again
    reserve shoes  ann k3              -> limit_reached
    stock   shoes                      -> free 1 held 0 sold 2`,

  "given a sale whose units are all held, restocked units can be bought": `
    sale    shoes  total 1  limit 1  hold 60s
    reserve shoes  ann k1              -> held
    restock shoes  1                   -> done
    stock   shoes                      -> free 1 held 1 sold 0
    reserve shoes  bob k2              -> held
    wait    1m
    stock   shoes                      -> free 2 held 0 sold 0`,

  "given an unknown item, a restock is sale_unknown": `
    sale    shoes  total 1  limit 1
    restock boots  5                   -> sale_unknown
    restock shoes/socks  5             -> sale_unknown
    restock shoes  0                   -> invalid_request
    stock   shoes                      -> free 1 held 0 sold 0`,
})
