-- Tries to sign in are counted by the address and where they come from; by the address alone only as many of a day as no
-- single source can make. The row of the address alone is the one whose days are counted.
set local search_path to smartqueue_identity, pg_temp;

-- When the day began of which wrong_count is; null: counted before this, or of one source.
alter table sign_in_try add column begun_at timestamptz;

set local search_path to smartqueue, pg_temp;
