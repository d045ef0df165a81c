-- The log as it was followed, so that a branch whose disk died can be rebuilt from a device. Nothing here is read at a
-- start: it is only added to at the end, and let go of at the beginning.
create table kept_event (
  place integer primary key,
  epoch text not null,
  seq integer not null,
  body text not null
) strict;

-- Where folding may begin: the state that was true before the event at this place.
create table kept_start (
  start integer primary key,
  place integer not null,
  body text not null
) strict;

-- Catalogue bodies as they were sent, before the event at this place.
create table kept_catalogue (
  entry integer primary key,
  place integer not null,
  version integer not null,
  body text not null
) strict;
