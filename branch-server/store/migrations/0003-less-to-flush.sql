-- A commit writes every page that it touches. Rows that come together lie together from here on: the same columns and
-- the same names, so that the version before works on as it did.

-- Answers in the order in which they were given, found by the key first: the keys of all devices grow together.
create table answer_in_order (
  device_id text not null,
  key text not null,
  request_hash text,
  status integer not null,
  body text not null,
  ticket_id text,
  at_ms integer not null
) strict;

insert into answer_in_order select * from answer order by at_ms;
drop table answer;
alter table answer_in_order rename to answer;

create unique index answer_key on answer (key, device_id);
create index answer_age on answer (at_ms);

-- Unique as before; but A017, B017 and C017, given in the same minutes, are neighbours.
drop index ticket_number;
create unique index ticket_number on ticket (business_date, ltrim(number, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), number);
