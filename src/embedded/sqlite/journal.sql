-- From schema 5 to 6: facts were rows of a table, a column for each field. Their texts become lines of the journal.
CREATE TABLE journal (id INTEGER PRIMARY KEY, facts TEXT NOT NULL) STRICT;

INSERT INTO journal (id, facts)
  WITH RECURSIVE pages (sale, first, last) AS (
    SELECT sale, 1, max(seq) FROM facts GROUP BY sale
    UNION ALL SELECT sale, first + 256, last FROM pages WHERE first + 256 <= last
  )
  SELECT sale * 4294967296 + min(first + 255, last), (
    SELECT group_concat(
      concat_ws('|', hash, seq, at, kind, ifnull(sku, ''), ifnull(order_id, ''), ifnull(customer, ''), ifnull(key, ''),
        ifnull(quantity, ''), ifnull(amount, ''), ifnull(currency, ''), ifnull(pay_before, ''), ifnull(reason, ''),
        ifnull(free, ''), ifnull(held, ''), ifnull(sold, ''), '2|' || data, ifnull(terms, '')),
      char(10) ORDER BY seq
    ) FROM facts WHERE facts.sale = pages.sale AND seq BETWEEN first AND first + 255
  ) FROM pages ORDER BY sale, first;

ALTER TABLE orders ADD COLUMN released_at INTEGER;
UPDATE orders SET released_at = (SELECT at FROM facts WHERE facts.sale = orders.sale AND facts.seq = orders.seq)
  WHERE state = 'released';

DROP TABLE facts;
