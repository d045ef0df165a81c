-- What agents write about a visit: beside the log, because people may ask for it to be erased.
create table note (
  ticket_id text primary key,
  text text not null,
  at_ms integer not null
) strict, without rowid;

create index note_age on note (at_ms);
