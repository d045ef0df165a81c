-- What the kiosk did on its own, and what it printed.

create table meta (
  key text primary key,
  value text not null
) strict, without rowid;

insert into meta (key, value) values ('reader_version_min', '1');

-- The answer to each tap, so that a tap sent twice gives one ticket.
create table tap (
  key text primary key,
  body text not null,
  at_ms integer not null
) strict, without rowid;

create index tap_age on tap (at_ms);

-- Tickets printed without the server. Kept until long after they were handed over.
create table offline_ticket (
  ticket_id text primary key,
  tap_key text not null unique,
  number text not null,
  series text not null,
  ordinal integer not null,
  business_date text not null,
  arrival_steady_ms integer not null,
  body text not null,
  -- null until the branch has it; else what it said: adopted, or the code of its refusal
  outcome text
) strict, without rowid;

create unique index offline_number on offline_ticket (business_date, number);
create index offline_waiting on offline_ticket (arrival_steady_ms) where outcome is null;

create table print_job (
  id text primary key,
  ticket_id text not null,
  number text not null,
  state text not null,
  attempts integer not null,
  copy integer not null,
  slip text not null,
  at_ms integer not null
) strict, without rowid;

create index print_job_age on print_job (at_ms);
