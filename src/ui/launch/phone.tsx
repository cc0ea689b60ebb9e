/** A phone of nobody's make: the back of a slab of metal and glass. Its finish comes from the page's colours. */
export function Phone() {
  return (
    <div class="product" aria-hidden="true">
      <svg viewBox="0 0 300 440" role="presentation">
        <defs>
          <linearGradient id="metal" x1="0" y1="0" x2="1" y2="1">
            <stop offset="0" class="f-light" />
            <stop offset=".38" class="f-main" />
            <stop offset="1" class="f-dark" />
          </linearGradient>
          <linearGradient id="rim" x1="0" y1="0" x2="1" y2="0">
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
          <radialGradient id="floor">
            <stop offset="0" class="f-main" stop-opacity=".42" />
            <stop offset="1" class="f-main" stop-opacity="0" />
          </radialGradient>
        </defs>
        <ellipse cx="150" cy="418" rx="140" ry="20" fill="url(#floor)" />
        <rect x="50" y="14" width="200" height="402" rx="40" fill="url(#rim)" />
        <rect x="53" y="17" width="194" height="396" rx="37" fill="url(#metal)" />
        <rect x="53" y="17" width="194" height="396" rx="37" fill="url(#sheen)" />
        <rect x="62" y="27" width="176" height="126" rx="32" class="f-plateau" />
        <rect x="62.5" y="27.5" width="175" height="125" rx="31.5" fill="none" stroke="#fff" stroke-opacity=".16" />
        <Lens x={103} y={62} />
        <Lens x={103} y={118} />
        <Lens x={156} y={90} />
        <circle cx="206" cy="58" r="9" fill="#fff6e0" opacity=".9" />
        <circle cx="206" cy="90" r="3.5" fill="#07080b" />
        <circle cx="206" cy="120" r="8" fill="#07080b" />
      </svg>
    </div>
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
