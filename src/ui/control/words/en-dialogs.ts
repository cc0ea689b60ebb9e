import type { Fault } from "../dialogs/field-errors.ts"

const faults: Record<Fault, string> = {
  missing: "This is needed.",
  tooLong: "This is too long.",
  notAnId: "Only A-Z a-z 0-9 _ and -, up to 64.",
  twice: "Another item has this code.",
  notATime: "This is no time.",
  notAfter: "It must close after it opens.",
  notWhole: "This number is out of range.",
  notAPrice: "Digits, and a point for the smaller coin: 19.99.",
}

/** What dialogs say. */
export const formsEn = {
  faults,
  faultsLeft: "Some fields are not right yet.",
  cancel: "Cancel",

  newTitle: "A new sale",
  editTitle: (name: string) => `Edit ${name}`,
  create: "Create the sale",
  save: "Save",
  saleName: "Name",
  saleId: "Id",
  saleIdHint: "Part of its address; it stays for ever.",
  saleDescription: "Description",
  opensAtField: "Opens",
  closesAtField: "Closes",
  zone: (name: string) => `Times of ${name}`,
  optional: "Optional",
  checkoutField: "Checkout",
  instant: "Instant: bought at the first click",
  hold: "Hold: the buyer confirms in time",
  holdSecondsField: "Seconds to confirm",
  limitField: "Units per customer",
  currencyField: "Currency",
  itemNumber: (number: number) => `Item ${number}`,
  itemFields: { name: "Item’s name", sku: "Code", price: "Price", listPrice: "List price", total: "Units" },
  addItem: "Add an item",
  removeItem: (number: number) => `Remove item ${number}`,
  preview: "Preview of the buyers’ page",
  previewBuy: (price: string) => `Buy now · ${price}`,
  previewUnits: (units: string) => `${units} units`,

  killTitle: (id: string) => `Kill ${id}?`,
  killText:
    "Its process gets SIGKILL, in the middle of whatever it does. Nothing is lost: the supervisor starts another.",
  drainTitle: (id: string) => `Drain ${id}?`,
  drainText: "A successor takes over first; then its process finishes what is in flight and ends. No buyer notices.",
  closeTitle: (name: string) => `Close ${name}?`,
  closeText: "Nobody can buy after this, and a closed sale does not open again.",
  closePhrase: (phrase: string) => `Type ${phrase} to close it`,
  closeYes: "Close the sale",
  restockTitle: (name: string) => `Restock ${name}`,
  restockText: "The units can be bought at once. They cannot be taken back.",
  restockUnits: "Units to add",
  restockYes: "Add",
  cancelTitle: (order?: string) => (order ? `Cancel order ${order}?` : "Cancel an order"),
  cancelText: "A held unit goes back on sale at once. An order that is confirmed stays.",
  cancelYes: "Cancel the order",

  rehearsal: "Rehearsal",
  rehearseTitle: "Rehearse a launch",
  rehearseText:
    "This browser buys from this system, and no other, as many customers at once. A practice sale is made for it, closed at the end, and audited.",
  rehearseRunning: "A rehearsal is under way.",
  rehearseUnits: "Units on sale",
  rehearseBots: "Bots",
  rehearseYes: "Begin",
  practice: "Practice",
  rehearsing: (bots: number, units: number) => `${bots} bots after ${units} units…`,
  rehearsedWell: (sold: number, bots: number) =>
    `${sold} of ${bots} bots bought, nobody twice, and every promise is kept.`,
  rehearsedBadly: "The rehearsal did not end as it should: see the audit.",
  refused: "refused",
  stop: "Stop",
  putAway: "Put away",
}

export type Forms = typeof formsEn
