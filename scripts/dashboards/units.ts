/** Several workers may report the same stock, so each item counts once. */
export const units = (state: string) => `sum(max by (sale, sku) (flash_sale_units{sale=~"$sale", state="${state}"}))`
