const ID = /^[A-Za-z0-9_-]{1,64}$/

/** Whether `text` may name a sale, an item or a customer. */
export function isId(text: string): boolean {
  return ID.test(text)
}
