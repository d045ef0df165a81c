-- When the draft of a branch publishes itself, as it is by then; null: somebody publishes it. And who has said so.
alter table catalogue_draft add column publish_at timestamptz;
alter table catalogue_draft add column publish_by text;
create index catalogue_draft_due on catalogue_draft (tenant_id, publish_at) where publish_at is not null;
