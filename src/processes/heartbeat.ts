/** A child process with a message channel sends `{ type: "beat" }` this often once it is ready. */
export const BEAT_MS = 250
/** A child that has sent no beat by then is killed and replaced. A start takes 0.2 s alone, seconds beside a busy neighbour. */
export const START_MAX_MS = 15_000
