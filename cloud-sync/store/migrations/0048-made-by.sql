-- Who made what lets others in, or tells them what happens: it ends when she may not make it any more, in one transaction
-- with what takes the right from her. The role that changes people is given just that.
alter table enrolment_directory add column made_by uuid;
alter table webhook
  -- Nothing goes there any more; it stays to be seen until somebody takes it away.
  add column ended_at timestamptz;

grant select (tenant_id, key_id, made_by, scopes, expires_at, revoked_at), update (revoked_at) on api_key
  to smartqueue_identity;
grant select (tenant_id, webhook_id, made_by, ended_at), update (ended_at) on webhook to smartqueue_identity;
grant select (tenant_id, branch_id, made_by, used_by, expires_at), delete on enrolment_directory to smartqueue_identity;

set local search_path to smartqueue_identity, pg_temp;
alter table link add column made_by uuid;
alter table tenant_issuer add column made_by uuid;
set local search_path to smartqueue, pg_temp;
