-- additive
-- One sale's rows share its number; facts and orders are keyed by seq, so that they are appended, never inserted between.
-- A row of `sales` is also the sale's cursor: how far the ledger has it, and who may write on. It exists before the first
-- fact when a writer was fenced off by then. Nothing here judges the stock: a ledger records what was decided.

CREATE TABLE sales (
  number   bigint PRIMARY KEY,
  id       text NOT NULL UNIQUE,
  epoch    bigint NOT NULL,
  document text,               -- JSON: terms, checkout, standing, items without their stock; NULL before a fact
  seq      bigint NOT NULL,    -- the last fact, its time and its hash
  at       bigint NOT NULL,
  hash     text NOT NULL
);

CREATE TABLE stock (
  sale  bigint NOT NULL REFERENCES sales,
  sku   text NOT NULL,
  total bigint NOT NULL,
  free  bigint NOT NULL,
  held  bigint NOT NULL,
  sold  bigint NOT NULL,
  PRIMARY KEY (sale, sku)
);

CREATE TABLE orders (
  sale       bigint NOT NULL,
  created_by bigint NOT NULL,  -- seq of the fact that created it
  seq        bigint NOT NULL,  -- seq of the fact that brought it into its state
  suffix     text NOT NULL,    -- the unguessable end of its id
  sku        text NOT NULL,
  quantity   bigint NOT NULL,
  amount     bigint NOT NULL,  -- unit price in minor units
  currency   text NOT NULL,
  state      text NOT NULL CHECK (state IN ('held', 'confirmed', 'released')),
  reason     text,
  customer   text NOT NULL,
  key        text NOT NULL,
  created_at bigint NOT NULL,  -- milliseconds since 1970 in UTC, as every time here
  pay_before bigint,
  PRIMARY KEY (sale, created_by)
);

CREATE TABLE facts (
  sale       bigint NOT NULL,
  seq        bigint NOT NULL,
  at         bigint NOT NULL,
  kind       text NOT NULL,
  sku        text,
  order_id   text,
  customer   text,
  key        text,
  quantity   bigint,
  amount     bigint,
  currency   text,
  pay_before bigint,
  reason     text,
  free       bigint,
  held       bigint,
  sold       bigint,
  terms      text,             -- JSON, to the byte as it was decided: the hash covers it
  hash       text NOT NULL,
  PRIMARY KEY (sale, seq)
);
