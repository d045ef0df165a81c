-- Who is expected, under which code, for what and when. Not whose appointment it is.
create table appointment (
  code text primary key,
  service_id text not null,
  booked_at_ms integer not null,
  -- null until the customer has come
  ticket_id text
) strict, without rowid;
