-- How a branch proves who it is; null until it has enrolled.
alter table branch add column public_key text;
alter table branch add column enrolled_at timestamptz;
alter table branch add column revoked_at timestamptz;

-- How far each log came. One row for each epoch of a branch, which its uploads take in turn.
create table branch_log (
  tenant_id uuid not null,
  branch_id uuid not null,
  epoch text not null,
  acked_seq bigint not null,
  head_hash bytea not null,
  first_seen_at timestamptz not null,
  primary key (tenant_id, branch_id, epoch),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, update on branch_log to smartqueue_app;

-- Uploads that contradict what is held: kept whole, so that both histories can be read.
create table fork (
  tenant_id uuid not null,
  branch_id uuid not null,
  fork_id uuid not null,
  epoch text not null,
  from_seq bigint not null,
  bodies text[] not null,
  seen_at timestamptz not null,
  primary key (tenant_id, branch_id, fork_id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert on fork to smartqueue_app;

-- Which branch a code is for. The code comes before the tenant is known.
create table enrolment_directory (
  name text primary key,
  secret_hash bytea not null,
  tenant_id uuid not null,
  branch_id uuid not null,
  expires_at timestamptz not null,
  wrong_count int not null,
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, update, delete on enrolment_directory to smartqueue_app;

select guard_tenants();
