/** Several workers may tell of the same stock, so the same item is counted once. */
export const units = (state: string) => `sum(max by (sale, sku) (flash_sale_units{sale=~"$sale", state="${state}"}))`
