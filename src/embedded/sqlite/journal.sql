-- From schema 5 to 6: facts were rows of a table, a column for each field. Their texts become lines of the journal.
CREATE TABLE journal (id INTEGER PRIMARY KEY, facts TEXT NOT NULL) STRICT;

INSERT INTO journal (id, facts)
  SELECT sale * 4294967296 + max(seq), group_concat(line, char(10) ORDER BY seq) FROM (
    SELECT sale, seq, concat_ws('|', hash, seq, at, kind, ifnull(sku, ''), ifnull(order_id, ''), ifnull(customer, ''),
      ifnull(key, ''), ifnull(quantity, ''), ifnull(amount, ''), ifnull(currency, ''), ifnull(pay_before, ''),
      ifnull(reason, ''), ifnull(free, ''), ifnull(held, ''), ifnull(sold, ''), '2|' || data, ifnull(terms, '')) AS line
    FROM facts
  ) GROUP BY sale, (seq - 1) / 256 ORDER BY sale, max(seq);

ALTER TABLE orders ADD COLUMN released_at INTEGER;
UPDATE orders SET released_at = (SELECT at FROM facts WHERE facts.sale = orders.sale AND facts.seq = orders.seq)
  WHERE state = 'released';

DROP TABLE facts;
