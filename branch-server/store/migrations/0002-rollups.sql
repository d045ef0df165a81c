-- What figures need of a ticket beside its last state; null in rows of the version before.
alter table ticket add column issued_hour integer;
alter table ticket add column target_ms integer;
alter table ticket add column to_service_ms integer;
alter table ticket add column ending text;
alter table ticket add column is_training integer not null default 0;
alter table ticket add column passes text;

-- A counter with an agent at it, on one business date. signed_in_ms is null while it goes on.
create table shift (
  shift_id integer primary key,
  business_date text not null,
  counter_id text not null,
  agent_id text not null,
  is_training integer not null,
  since_steady_ms integer not null,
  break_since_steady_ms integer,
  serving_ticket_id text,
  serving_since_steady_ms integer,
  signed_in_ms integer,
  break_ms integer not null,
  serving_ms integer not null
) strict;

create index shift_open on shift (counter_id) where signed_in_ms is null;
create index shift_date on shift (business_date);

-- Sums over the tickets and the ended shifts of one business date, or of one month that is over (m2026-11), in the
-- transaction that changes those. JSON: branch-server/store/rollup-cells.ts.
create table rollup (
  period text not null,
  dimension text not null,
  id text not null,
  sums text not null,
  primary key (period, dimension, id)
) strict, without rowid;

-- Where the log stood when the rollups were last written: a version that does not know them leaves it behind.
alter table head add column rollup_seq integer;
