-- breaking
-- `created_by` held the number of a fact, and its name said a user. A server of the release before fails at its next look
-- at an order, and is to be replaced.

ALTER TABLE orders RENAME COLUMN created_by TO created_seq;

-- Facts of kinds that are still to come say here what the other columns cannot hold: JSON, to the byte as the hash covers it.
ALTER TABLE facts ADD COLUMN data text;
