-- Made by scripts/schema.ts from a database to which every migration was applied. Not to be edited.

CREATE TABLE facts (
  sale bigint NOT NULL,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  kind text NOT NULL,
  sku text,
  order_id text,
  customer text,
  key text,
  quantity bigint,
  amount bigint,
  currency text,
  pay_before bigint,
  reason text,
  free bigint,
  held bigint,
  sold bigint,
  terms text,
  hash text NOT NULL,
  data text,
  CONSTRAINT facts_pkey PRIMARY KEY (sale, seq)
);

CREATE TABLE migrations (
  number bigint NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE orders (
  sale bigint NOT NULL,
  created_seq bigint NOT NULL,
  seq bigint NOT NULL,
  suffix text NOT NULL,
  sku text NOT NULL,
  quantity bigint NOT NULL,
  amount bigint NOT NULL,
  currency text NOT NULL,
  state text NOT NULL,
  reason text,
  customer text NOT NULL,
  key text NOT NULL,
  created_at bigint NOT NULL,
  pay_before bigint,
  CONSTRAINT orders_pkey PRIMARY KEY (sale, created_seq),
  CONSTRAINT orders_state_check CHECK ((state = ANY (ARRAY['held'::text, 'confirmed'::text, 'released'::text])))
);

CREATE TABLE sales (
  number bigint NOT NULL,
  id text NOT NULL,
  epoch bigint NOT NULL,
  document text,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  hash text NOT NULL,
  CONSTRAINT sales_id_key UNIQUE (id),
  CONSTRAINT sales_pkey PRIMARY KEY (number)
);

CREATE TABLE seals (
  sale bigint NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  seal text NOT NULL,
  digests bytea NOT NULL,
  CONSTRAINT seals_pkey PRIMARY KEY (sale, first_seq),
  CONSTRAINT seals_sale_fkey FOREIGN KEY (sale) REFERENCES sales(number)
);

CREATE TABLE stock (
  sale bigint NOT NULL,
  sku text NOT NULL,
  total bigint NOT NULL,
  free bigint NOT NULL,
  held bigint NOT NULL,
  sold bigint NOT NULL,
  CONSTRAINT stock_pkey PRIMARY KEY (sale, sku),
  CONSTRAINT stock_sale_fkey FOREIGN KEY (sale) REFERENCES sales(number)
);

CREATE TABLE system (
  id text NOT NULL,
  one boolean NOT NULL DEFAULT true,
  CONSTRAINT system_pkey PRIMARY KEY (one),
  CONSTRAINT system_one_check CHECK (one)
);
