-- Keys by which programs act for a tenant: found by the part that may be shown, proved by the hash of the rest.
create table api_key (
  tenant_id uuid not null references tenant,
  key_id text not null,
  secret_hash bytea not null,
  name text not null,
  scopes text[] not null,
  -- A person's id.
  made_by uuid not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (tenant_id, key_id)
);
grant select, insert, update, delete on api_key to smartqueue_app;

-- Keys of whoever runs the cloud. They are made on the machine itself, by the database's administrator: what answers
-- requests can read them, and make none.
create table platform_key_directory (
  key_id text primary key,
  secret_hash bytea not null,
  purpose text not null check (purpose in ('setup', 'metrics')),
  expires_at timestamptz not null
);
grant select on platform_key_directory to smartqueue_app;

select guard_tenants();
