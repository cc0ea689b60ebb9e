import { loadState } from "../state/state.ts"
import { words } from "../words/words.ts"
import { Footer } from "./frame.tsx"

/** The page while there is no sale to show, and why. */
export function Missing() {
  const say = words.value
  const why = loadState.value
  return (
    <div class="page missing">
      <main>
        {why === "loading" && <h1 class="quiet">{say.loading}</h1>}
        {why === "unreachable" && <h1>{say.unreachable}</h1>}
        {why === "no_sale" && (
          <>
            <h1>{say.noSale}</h1>
            <p>{say.noSaleMore}</p>
          </>
        )}
        {why === "unknown_sale" && (
          <>
            <h1>{say.unknownSale}</h1>
            <a class="secondary" href="/">
              {say.home}
            </a>
          </>
        )}
      </main>
      <Footer />
    </div>
  )
}
