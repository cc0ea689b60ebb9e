import { integer } from "../../format.ts"
import { exchange, fresh, jsonRequest, type Persona, repeat } from "./persona.ts"

/** After so many guesses the right token is tried. */
const TRY_EVERY = 25

/** Guesses at the administrator's token, to enter, to lock operators out, or to fill their logbook. */
export const guess: Persona = {
  async attack(scene) {
    const { operators, adminToken } = scene
    const faults = new Set<string>()
    let tries = 0
    const sent = await repeat(scene, async turn => {
      if (adminToken !== undefined && turn % TRY_EVERY === TRY_EVERY - 1) {
        tries++
        const right = jsonRequest(
          operators,
          "GET",
          "/api/v1/admin/nodes",
          undefined,
          `Authorization: Bearer ${adminToken}`,
        )
        const status = (await exchange(operators, right, scene))?.status
        if (status !== 200) faults.add(`The right token was answered ${status ?? "nothing"}.`)
        return
      }
      const wrong =
        turn % 2 === 0
          ? jsonRequest(operators, "POST", "/api/v1/admin/session", { token: fresh() })
          : jsonRequest(operators, "GET", "/api/v1/admin/nodes", undefined, `Authorization: Bearer ${fresh()}`)
      const status = (await exchange(operators, wrong, scene))?.status ?? 0
      if (status < 400 && status > 0) faults.add(`A guess was answered ${status}.`)
    })
    const entered =
      adminToken === undefined ? "the right token was not given" : `the right token entered ${tries} times`
    return { did: `${integer(sent - tries)} guesses; ${entered}`, faults: [...faults] }
  },
}
