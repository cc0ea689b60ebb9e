-- Two roles beside the ledger's owner. Run it as the owner, after every release that changed the schema:
--   psql -d doorbuster -f deploy/postgres/roles.sql
-- It needs the right to create roles the first time. Give each a password with \password doorbuster_writer and so on.
-- doorbuster_writer: the worker. It adds facts and orders and moves the counters; it changes and deletes no fact.
-- doorbuster_reader: replicas, people and reports.

DO $$ BEGIN
  IF to_regrole('doorbuster_writer') IS NULL THEN CREATE ROLE doorbuster_writer LOGIN; END IF;
  IF to_regrole('doorbuster_reader') IS NULL THEN CREATE ROLE doorbuster_reader LOGIN; END IF;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO doorbuster_writer, doorbuster_reader', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO doorbuster_writer, doorbuster_reader;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM doorbuster_writer, doorbuster_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO doorbuster_writer, doorbuster_reader;

GRANT INSERT ON facts, orders, sales, seals, stock, system TO doorbuster_writer;
GRANT UPDATE (seq, at, hash, epoch, document) ON sales TO doorbuster_writer;
GRANT UPDATE (state, reason, seq) ON orders TO doorbuster_writer;
GRANT UPDATE (total, free, held, sold) ON stock TO doorbuster_writer;
