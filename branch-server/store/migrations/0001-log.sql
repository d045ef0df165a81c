-- The log, what is projected from it, and what lies beside it.

create table meta (
  key text primary key,
  value text not null
) strict, without rowid;

insert into meta (key, value) values ('reader_version_min', '1');

-- One unbroken life of the log each.
create table epoch (
  epoch_id integer primary key,
  epoch text not null unique
) strict;

-- The stored bytes are the truth; each body names the hash of the one before it.
create table event (
  epoch_id integer not null references epoch,
  seq integer not null,
  body text not null,
  primary key (epoch_id, seq)
) strict, without rowid;

-- One row: where the log stands, and the state that is not tickets.
create table head (
  only integer primary key check (only = 1),
  epoch_id integer not null references epoch,
  seq integer not null,
  hash text not null,
  at_ms integer not null,
  steady_ms integer not null,
  rest text not null
) strict;

-- Every ticket as its last event left it. Retained = still part of the living state.
create table ticket (
  ticket_id text primary key,
  business_date text not null,
  number text not null,
  service_id text not null,
  status text not null,
  issued_at_ms integer not null,
  wait_ms integer,
  service_ms integer not null,
  retained integer not null,
  body text not null
) strict, without rowid;

create unique index ticket_number on ticket (business_date, number);
create index ticket_retained on ticket (ticket_id) where retained = 1;

-- Catalogue bodies by version; the log names version and hash.
create table catalogue (
  version integer primary key,
  hash text not null,
  body text not null
) strict;

create table agent_pin (
  agent_id text primary key,
  hash text not null
) strict, without rowid;

-- Paired devices; a token is kept as its hash.
create table device (
  device_id text primary key,
  kind text not null,
  name text not null,
  slot integer,
  token_hash text not null unique,
  paired_at_ms integer not null,
  removed_at_ms integer,
  removed_on text
) strict, without rowid;

-- The first answer to each idempotency key, for a day.
create table answer (
  device_id text not null,
  key text not null,
  request_hash text,
  status integer not null,
  body text not null,
  ticket_id text,
  at_ms integer not null,
  primary key (device_id, key)
) strict, without rowid;

create index answer_age on answer (at_ms);
