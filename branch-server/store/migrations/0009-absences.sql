-- When this server was away (no device), and when it had no line to a caller; on the branch's steady time.
create table absence (
  device_id text not null,
  from_steady_ms integer not null,
  -- null: it lasts
  to_steady_ms integer,
  primary key (device_id, from_steady_ms)
) strict, without rowid;
