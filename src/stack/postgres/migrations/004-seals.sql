-- additive
-- Seals over pages of facts: the worker writes one when a page is full or its sale has ended. A server of the release before
-- writes none, and the next one makes up for it.

CREATE TABLE seals (
  sale      bigint NOT NULL REFERENCES sales,
  first_seq bigint NOT NULL,
  last_seq  bigint NOT NULL,
  seal      text NOT NULL,     -- SHA-256 in hexadecimal, as of the last fact
  digests   bytea NOT NULL,    -- SHA-256 of each fact alone, 32 bytes each, so that a fact can be erased and the page proven
  PRIMARY KEY (sale, first_seq)
);
