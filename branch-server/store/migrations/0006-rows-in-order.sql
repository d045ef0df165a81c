-- Events and tickets only ever come at the end, but their wide rows lay in the tree of their keys: each leaf held a few,
-- and every few rows a split rewrote its neighbours and the levels above. Rows in the order they came fill page after
-- page, and the keys beside them are small. The same columns and names, so that the version before works on as it did.

create table event_in_order (
  epoch_id integer not null references epoch,
  seq integer not null,
  body text not null
) strict;

insert into event_in_order select epoch_id, seq, body from event order by epoch_id, seq;
drop table event;
alter table event_in_order rename to event;

create unique index event_place on event (epoch_id, seq);

create table ticket_in_order (
  ticket_id text not null,
  business_date text not null,
  number text not null,
  service_id text not null,
  status text not null,
  issued_at_ms integer not null,
  wait_ms integer,
  service_ms integer not null,
  retained integer not null,
  body text not null,
  issued_hour integer,
  target_ms integer,
  to_service_ms integer,
  ending text,
  is_training integer not null default 0,
  passes text
) strict;

insert into ticket_in_order
  select ticket_id, business_date, number, service_id, status, issued_at_ms, wait_ms, service_ms, retained, body,
    issued_hour, target_ms, to_service_ms, ending, is_training, passes
  from ticket order by ticket_id;
drop table ticket;
alter table ticket_in_order rename to ticket;

create unique index ticket_key on ticket (ticket_id);
create unique index ticket_number on ticket (business_date, ltrim(number, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), number);
-- Which rows live is asked for all at once; their names are in the rows.
create index ticket_retained on ticket (retained) where retained = 1;

-- Answers lie in the order of their age already.
drop index answer_age;
