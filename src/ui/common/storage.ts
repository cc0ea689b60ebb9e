type KeyValueStore = Pick<Storage, "getItem" | "setItem" | "removeItem">

/** `localStorage` where it is allowed. Elsewhere memory, so that the page still works in a private window. */
const store: KeyValueStore = isAllowed() ? localStorage : inMemory()

export function load<T>(name: string): T | undefined {
  try {
    return (JSON.parse(store.getItem(name) ?? "null") as T | null) ?? undefined
  } catch {
    return undefined
  }
}

export function save(name: string, value: unknown): void {
  store.setItem(name, JSON.stringify(value))
}

export function remove(name: string): void {
  store.removeItem(name)
}

function isAllowed(): boolean {
  try {
    localStorage.setItem("doorbuster:probe", "1")
    localStorage.removeItem("doorbuster:probe")
    return true
  } catch {
    return false
  }
}

function inMemory(): KeyValueStore {
  const entries = new Map<string, string>()
  return {
    getItem: name => entries.get(name) ?? null,
    setItem: (name, value) => void entries.set(name, value),
    removeItem: name => void entries.delete(name),
  }
}
