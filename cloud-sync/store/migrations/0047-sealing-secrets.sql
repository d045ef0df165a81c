-- By what people's secrets are sealed: made once, and sealed itself by the password of the database's administrator. Another
-- password seals it anew, and what it has sealed stays readable. None of those who answer requests may read it here.
set local search_path to smartqueue_identity, pg_temp;

create table sealing_secret (
  secret_id uuid primary key,
  ord bigint generated always as identity,
  -- By what a copy that somebody kept is known for the right one.
  secret_hash bytea not null,
  sealed bytea not null
);

set local search_path to smartqueue, pg_temp;
