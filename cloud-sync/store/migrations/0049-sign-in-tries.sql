-- Tries to sign in, by the address that was typed: also of addresses that nobody has, so that a lock tells nobody who there
-- is. What was counted with people before begins anew.
set local search_path to smartqueue_identity, pg_temp;

create table sign_in_try (
  -- Keyed: which addresses were tried is read by nobody here.
  email_hash bytea primary key,
  -- null: nobody has the address.
  person_id uuid references person,
  wrong_count int not null,
  tried_at timestamptz not null,
  locked_until timestamptz
);
create index sign_in_try_of on sign_in_try (person_id) where person_id is not null;
create index sign_in_try_strangers on sign_in_try (tried_at) where person_id is null;
create index sign_in_try_age on sign_in_try (tried_at);
grant select, insert, update, delete on sign_in_try to smartqueue_identity;

set local search_path to smartqueue, pg_temp;
