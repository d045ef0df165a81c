-- Whether one box goes on with a branch's log, or two do: an epoch that a second box began is no part of the branch's line.
-- When the first upload of an epoch was signed, by the cloud's clock as the branch knew it; null: before this was kept.
alter table branch_log add column begun_at timestamptz;
alter table branch_log add column quarantined_at timestamptz;

-- A part that is kept aside takes the place of those that it holds whole.
grant delete on fork to smartqueue_app;
