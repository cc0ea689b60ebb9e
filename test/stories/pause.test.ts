import { stories } from "../support/story/story.ts"

stories("a pause", {
  "given a paused sale, attempts are refused until it resumes": `
    sale    shoes  total 2  limit 1
    reserve shoes  ann k1              -> confirmed
    pause   shoes                      -> done
    pause   shoes                      -> done
    reserve shoes  bob k2              -> sale_paused
    reserve shoes  ann k1              -> replayed confirmed
    resume  shoes                      -> done
    reserve shoes  bob k2              -> confirmed`,

  "given a paused sale, holds can be confirmed and expire": `
    sale    shoes  total 2  limit 1  hold 60s
    reserve shoes  ann k1              -> held
    reserve shoes  bob k2              -> held
    pause   shoes                      -> done
    confirm shoes  ann k1              -> confirmed
    wait    1m
    stock   shoes                      -> free 1 held 0 sold 1
    order   shoes  bob k2              -> released expired`,

  "given a closed sale, it cannot be resumed": `
    sale    shoes  total 2  limit 1  hold 60s
    reserve shoes  ann k1              -> held
    close   shoes                      -> done
    reserve shoes  bob k2              -> sale_closed
    resume  shoes                      -> sale_closed
    pause   shoes                      -> sale_closed
    confirm shoes  ann k1              -> confirmed
    stock   shoes                      -> free 1 held 0 sold 1`,

  "given an unknown sale, pausing it is sale_unknown": `
    sale    shoes  total 2  limit 1
    pause   boots                      -> sale_unknown
    reserve shoes  ann k1              -> confirmed`,
})
