-- When a branch said for the first time that it has the catalogue it has; null: before this was kept.
alter table branch_now add column catalogue_since timestamptz;
