type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">

/** `localStorage` where it is allowed, otherwise memory: a page in a private window still works, until it is closed. */
const transaction: Shelf = allowed() ? localStorage : inMemory()

export function load<T>(name: string): T | undefined {
  try {
    return (JSON.parse(transaction.getItem(name) ?? "null") as T | null) ?? undefined
  } catch {
    return undefined
  }
}

export function save(name: string, value: unknown): void {
  transaction.setItem(name, JSON.stringify(value))
}

export function remove(name: string): void {
  transaction.removeItem(name)
}

function allowed(): boolean {
  try {
    localStorage.setItem("doorbuster:probe", "1")
    localStorage.removeItem("doorbuster:probe")
    return true
  } catch {
    return false
  }
}

function inMemory(): Shelf {
  const entries = new Map<string, string>()
  return {
    getItem: name => entries.get(name) ?? null,
    setItem: (name, value) => void entries.set(name, value),
    removeItem: name => void entries.delete(name),
  }
}
