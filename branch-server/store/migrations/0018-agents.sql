-- The PIN that head office sent last, so that sending it again does not take back one that was given on site since.
alter table agent_pin add column sent_hash text;
update agent_pin set sent_hash = hash;

-- Wrong PINs of an agent at a device, on steady time.
create table pin_try (
  device_id text not null,
  agent_id text not null,
  wrong_count integer not null,
  tried_at_ms integer not null,
  locked_until_ms integer not null,
  primary key (device_id, agent_id)
) strict, without rowid;

-- When head office was last heard to know nothing newer of who may work here, and until when that is good enough.
create table agent_rights (
  only integer primary key check (only = 1),
  as_of_ms integer not null,
  as_of_steady_ms integer not null,
  good_until_steady_ms integer not null
) strict;
