/** The value, unless it takes longer or there is none: then undefined. Whoever is asked goes on meanwhile. */
export async function within<Value>(ms: number, work: Promise<Value>): Promise<Value | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => late.resolve(undefined), ms)
  try {
    return await Promise.race([work, late.promise])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
