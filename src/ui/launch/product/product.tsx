import { words } from "../words/words.ts"
import { canChangeFinish, finishOptions, selectFinish, shownFinish } from "./finish.ts"
import { useRotation } from "./rotation.ts"

/** The product in its finishes. A drag turns it to the next one; so do the buttons below it and the arrow keys on them. */
export function Product() {
  const { stage, shown } = useRotation()
  const options = finishOptions.value
  return (
    <div class="product" data-finish={options[shown]?.finish}>
      <div class="turntable" ref={stage} aria-hidden="true">
        <div class="slab">
          <i />
          <i />
          <i />
          <i />
          {phoneDrawing}
        </div>
      </div>
      <fieldset class="finishes" disabled={!canChangeFinish.value}>
        <legend class="hidden">{words.value.finish}</legend>
        {options.map(({ finish, name }, index) => (
          <label key={name} data-finish={finish}>
            <input
              type="radio"
              name="finish"
              aria-label={name}
              checked={index === shownFinish.value}
              onChange={() => selectFinish(index)}
            />
            <span />
          </label>
        ))}
        <p aria-hidden="true">{options[shownFinish.value]?.name}</p>
      </fieldset>
    </div>
  )
}

const metal = "url(#metal)"

/** The back of a phone that resembles no real product. The page's style sheet gives it its finish. */
function PhoneDrawing() {
  return (
    <svg viewBox="0 0 200 402" role="presentation">
      <defs>
        <linearGradient id="metal" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" class="f-light" />
          <stop offset=".38" class="f-main" />
          <stop offset="1" class="f-dark" />
        </linearGradient>
        <linearGradient id="rim">
          <stop offset="0" class="f-glint" />
          <stop offset=".06" class="f-dark" />
          <stop offset=".5" class="f-light" />
          <stop offset=".94" class="f-dark" />
          <stop offset="1" class="f-glint" />
        </linearGradient>
        <linearGradient id="sheen" x1="0" y1="0" x2=".7" y2="1">
          <stop offset="0" stop-color="#fff" stop-opacity=".34" />
          <stop offset=".32" stop-color="#fff" stop-opacity=".05" />
          <stop offset=".33" stop-color="#fff" stop-opacity="0" />
        </linearGradient>
        <radialGradient id="glass" cx=".36" cy=".3" r=".8">
          <stop offset="0" stop-color="#56637d" />
          <stop offset=".35" stop-color="#151a26" />
          <stop offset="1" stop-color="#020305" />
        </radialGradient>
        <linearGradient id="fade" x1="0" y1="1" x2="0" y2="0">
          <stop offset="0" stop-color="#fff" stop-opacity=".28" />
          <stop offset=".2" stop-color="#fff" stop-opacity="0" />
        </linearGradient>
        <mask id="floor">
          <rect width="200" height="402" fill="url(#fade)" />
        </mask>
      </defs>
      <g id="phone">
        <rect width="200" height="402" rx="40" fill="url(#rim)" />
        <rect x="3" y="3" width="194" height="396" rx="37" fill={metal} />
        <rect x="3" y="3" width="194" height="396" rx="37" fill="url(#sheen)" />
        <rect x="14" y="14" width="172" height="124" rx="30" class="f-plateau" />
        <rect x="14.5" y="14.5" width="171" height="123" rx="29.5" fill="none" stroke="#fff" stroke-opacity=".16" />
        <Lens x={54} y={48} />
        <Lens x={54} y={104} />
        <Lens x={107} y={76} />
        <circle cx="156" cy="46" r="9" fill="#fff6e0" opacity=".9" />
        <circle cx="156" cy="77" r="3.5" fill="#07080b" />
        <circle cx="156" cy="106" r="8" fill="#07080b" />
        <path d="M86 284v-42a4 4 0 0 1 4-4h20a4 4 0 0 1 4 4v42M93 284v-38l15 7v31z" class="f-mark" />
      </g>
      <use class="reflection" href="#phone" transform="matrix(1 0 0 -1 0 812)" mask="url(#floor)" />
    </svg>
  )
}

function Lens({ x, y }: { x: number; y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <circle r="25.5" class="f-ring" />
      <circle r="22" fill="#08090c" />
      <circle r="16.5" fill="url(#glass)" />
      <circle r="7" fill="#020204" />
      <ellipse cx="-6" cy="-7" rx="4.5" ry="3" fill="#cfe0ff" opacity=".55" transform="rotate(-35)" />
    </g>
  )
}

/** The drawing is created once, so that Preact never compares it with its last version. */
const phoneDrawing = <PhoneDrawing />
