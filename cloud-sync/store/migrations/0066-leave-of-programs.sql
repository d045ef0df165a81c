-- Which program of others what the sign-in keeps was made for: it ends with the program, or when she takes back her leave.
-- null: of no program, or written before this; what is older than fourteen days has ended by itself.
set local search_path to smartqueue_identity, pg_temp;

alter table artifact add column client_id text;
create index artifact_client on artifact (client_id, person_id) where client_id is not null;

-- Since when a program may not act for her any more: tokens that are out are no better for being out.
create table leave_ended (
  person_id uuid not null references person,
  client_id text not null,
  ended_at timestamptz not null,
  primary key (person_id, client_id)
);
create index leave_ended_age on leave_ended (ended_at);
grant select, insert, update, delete on leave_ended to smartqueue_identity;

set local search_path to smartqueue, pg_temp;
