-- Programs of others through which people sign in: public ones, which hold no secret. They are named
-- on the machine itself, by the database's administrator: what answers requests can read them, and name none.
set local search_path to smartqueue_identity, pg_temp;

create table client (
  client_id text primary key,
  -- As people read it when they are asked for their leave.
  name text not null,
  redirect_uri text not null,
  added_at timestamptz not null
);
grant select on client to smartqueue_identity;

set local search_path to smartqueue, pg_temp;
