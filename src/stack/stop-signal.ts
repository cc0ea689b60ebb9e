/** Aborted by the first SIGINT, SIGTERM or SIGHUP. Further ones are ignored: the process is already stopping. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stopping.abort())
  return stopping.signal
}
