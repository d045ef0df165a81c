-- A token that was handed out, and that its device has not confirmed; until then the one before counts.
alter table device add column next_token_hash text;

-- Tokens that a device has given up: whoever shows one has an old copy of its disk.
create table former_token (
  token_hash text primary key,
  device_id text not null,
  ended_at_ms integer not null
) strict, without rowid;
