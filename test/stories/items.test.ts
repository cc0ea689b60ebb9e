import { stories } from "../support/story/story.ts"

stories("two items", {
  "given two items, each has its own stock and both share the limit": `
    sale    drop  shirt 2  cap 1  limit 2
    reserve drop/shirt  ann k1         -> confirmed
    reserve drop/cap    ann k2         -> confirmed
    reserve drop/shirt  ann k3         -> limit_reached
    reserve drop/cap    bob k1         -> sold_out
    reserve drop/shirt  bob k1         -> confirmed
    reserve drop/shirt  eve k1         -> sold_out
    reserve drop/hat    eve k1         -> sale_unknown
    stock   drop/shirt                 -> free 0 held 0 sold 2
    stock   drop/cap                   -> free 0 held 0 sold 1`,

  "given a key used for one item, the other item gets key_reused": `
    sale    drop  shirt 2  cap 1  limit 2
    reserve drop/shirt  ann k1         -> confirmed
    reserve drop/cap    ann k1         -> key_reused
    reserve drop/cap    ann k2         -> confirmed`,

  "given a hold on one item, the other item can still be bought": `
    sale    drop  shirt 1  cap 1  limit 2  hold 60s
    reserve drop/shirt  ann k1         -> held
    reserve drop/shirt  bob k1         -> all_held
    reserve drop/cap    bob k2         -> held
    confirm drop        bob k2         -> confirmed
    reserve drop/cap    eve k1         -> sold_out
    restock drop/cap  1                -> done
    reserve drop/cap    eve k1         -> held
    wait    1m
    stock   drop/shirt                 -> free 1 held 0 sold 0
    stock   drop/cap                   -> free 1 held 0 sold 1`,

  "given two sales at the same time, they share neither stock nor state": `
    sale    shoes  total 1  limit 1
    sale    boots  total 1  limit 1
    reserve shoes  ann k1              -> confirmed
    reserve boots  ann k1              -> confirmed
    pause   boots                      -> done
    reserve shoes  bob k2              -> sold_out
    reserve boots  bob k2              -> sale_paused`,
})
