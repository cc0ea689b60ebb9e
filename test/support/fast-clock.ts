/** Preloaded into a process: its clock is three minutes fast. */
const MINUTES = 3

const TrueDate = Date
const skewed = () => TrueDate.now() + MINUTES * 60_000

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, given) => Reflect.construct(target, given.length > 0 ? given : [skewed()]),
  get: (target, name) => (name === "now" ? skewed : Reflect.get(target, name)),
})
