-- What a device keeps of the branch it follows.

create table meta (
  key text primary key,
  value text not null
) strict, without rowid;

insert into meta (key, value) values ('reader_version_min', '1');

-- One row: the state it started from.
create table snapshot (
  only integer primary key check (only = 1),
  body text not null
) strict;

-- The events since, as they were sent.
create table event (
  seq integer primary key,
  body text not null
) strict;

-- Catalogue bodies that the events since speak of.
create table catalogue (
  version integer primary key,
  body text not null
) strict;
