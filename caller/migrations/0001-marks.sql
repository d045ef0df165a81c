-- What staff noted while the branch server was away.

create table meta (
  key text primary key,
  value text not null
) strict, without rowid;

insert into meta (key, value) values ('reader_version_min', '1');

create table mark (
  -- In the order in which they were made.
  place integer primary key autoincrement,
  -- Its idempotency key: the branch enters it once, however often it is sent.
  key text not null unique,
  branch_key text not null,
  business_date text not null,
  -- The branch's steady time as this device knew it; null for what comes from a sheet of paper.
  steady_ms integer,
  -- This box's wall clock: a label for people.
  at_ms integer not null,
  -- The request as it is sent.
  body text not null,
  -- kept, sending, entered, refused, seen (refused, and staff know)
  state text not null,
  -- why the branch refused it
  code text
) strict;

create index mark_open on mark (place) where state in ('kept', 'sending');
