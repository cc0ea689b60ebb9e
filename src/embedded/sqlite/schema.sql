-- additive
-- Transactions write the journal only. The other tables of a sale follow later, together: they are what the journal says up to
-- the fact that sales.seq names. The rows of a sale share its number. The journal and the orders are keyed by seq, so that
-- rows are always appended: the millionth purchase costs no more than the first. For the same reason the index of customers
-- is in memory.

CREATE TABLE journal (
  id    INTEGER PRIMARY KEY,     -- the sale's number * 4294967296 + the seq of the row's last fact
  facts TEXT NOT NULL            -- the facts of a sale that one transaction made, a line each: hash, then the text that was hashed
) STRICT;

CREATE TABLE sales (
  number   INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL,        -- JSON: terms, checkout, standing, items without their stock
  seq      INTEGER NOT NULL,     -- the last fact that the tables have, its time and its hash
  at       INTEGER NOT NULL,
  hash     TEXT NOT NULL
) STRICT;

CREATE TABLE stock (
  sale  INTEGER NOT NULL,
  sku   TEXT NOT NULL,
  total INTEGER NOT NULL,
  free  INTEGER NOT NULL CHECK (free >= 0),
  held  INTEGER NOT NULL CHECK (held >= 0),
  sold  INTEGER NOT NULL CHECK (sold >= 0),
  PRIMARY KEY (sale, sku),
  CHECK (free + held + sold = total)
) STRICT, WITHOUT ROWID;

CREATE TABLE orders (
  sale        INTEGER NOT NULL,
  created_seq INTEGER NOT NULL,  -- seq of the fact that created it
  seq         INTEGER NOT NULL,  -- seq of the fact that brought it into its state
  suffix      TEXT NOT NULL,     -- the unguessable end of its id
  sku         TEXT NOT NULL,
  quantity    INTEGER NOT NULL CHECK (quantity > 0),
  amount      INTEGER NOT NULL,  -- unit price in minor units
  currency    TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('held', 'confirmed', 'released')),
  reason      TEXT,
  customer    TEXT NOT NULL,
  key         TEXT NOT NULL,
  created_at  INTEGER NOT NULL,  -- milliseconds since 1970 in UTC, as every time here
  pay_before  INTEGER,
  released_at INTEGER,
  PRIMARY KEY (sale, created_seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX orders_due ON orders (pay_before, sale) WHERE state = 'held';

CREATE TABLE uses (
  sale INTEGER NOT NULL,
  use  TEXT NOT NULL,            -- an idempotency key or a pass that can be used once
  seq  INTEGER NOT NULL,         -- the last fact of the transition that used it
  PRIMARY KEY (sale, use)
) STRICT, WITHOUT ROWID;

CREATE TABLE system (
  id      TEXT NOT NULL,         -- the identity of the system, in the only row
  machine TEXT NOT NULL,         -- where the file was when a system last opened it, so that a copy is noticed
  folder  TEXT NOT NULL,
  inode   TEXT NOT NULL
) STRICT;

CREATE TABLE seals (
  sale      INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,    -- the facts of the page
  last_seq  INTEGER NOT NULL,
  seal      TEXT NOT NULL,       -- SHA-256 in hexadecimal, as of the last fact
  digests   BLOB NOT NULL,       -- SHA-256 of each fact alone, 32 bytes each, so that a fact can be erased and the page proven
  PRIMARY KEY (sale, first_seq)
) STRICT;
