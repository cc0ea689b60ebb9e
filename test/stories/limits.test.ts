import { stories } from "../support/story/story.ts"

stories("a limit per customer", {
  "given a limit of two, nobody gets a third unit under any key": `
    sale    shoes  total 10  limit 2
    reserve shoes  ann k1  x3          -> limit_reached
    reserve shoes  ann k1              -> confirmed     # a refused key is not spent
    reserve shoes  ann k2  x2          -> limit_reached
    reserve shoes  ann k2              -> confirmed
    reserve shoes  ann k3              -> limit_reached
    reserve shoes  bob k1  x2          -> confirmed     # his key is his own
    stock   shoes                      -> free 6 held 0 sold 4`,

  "given a released unit, its customer may buy again": `
    sale    shoes  total 10  limit 1  hold 60s
    reserve shoes  ann k1              -> held
    reserve shoes  ann k2              -> limit_reached
    cancel  shoes  ann k1              -> released
    reserve shoes  ann k2              -> held
    wait    1m
    reserve shoes  ann k3              -> held
    confirm shoes  ann k3              -> confirmed
    reserve shoes  ann k4              -> limit_reached
    stock   shoes                      -> free 9 held 0 sold 1`,

  "given a changed limit, later attempts follow it and orders stay": `
    sale    shoes  total 10  limit 1
    reserve shoes  ann k1              -> confirmed
    limit   shoes  3                   -> done
    reserve shoes  ann k2  x2          -> confirmed
    limit   shoes  1                   -> done
    reserve shoes  ann k3              -> limit_reached
    order   shoes  ann k2              -> confirmed     # a lower limit removes no order
    limit   shoes  0                   -> invalid_request`,

  "given a repeated key, another quantity is key_reused": `
    sale    shoes  total 10  limit 5
    reserve shoes  ann k1              -> confirmed
    reserve shoes  ann k1  x2          -> key_reused
    reserve shoes  ann k1              -> replayed confirmed
    stock   shoes                      -> free 9 held 0 sold 1`,
})
