-- additive
-- The identity of the system that this ledger belongs to, in the only row. The worker writes it at the ledger's first meeting
-- with a store, and the store keeps the same.

CREATE TABLE system (
  id  text NOT NULL,
  one boolean PRIMARY KEY DEFAULT true CHECK (one)
);
