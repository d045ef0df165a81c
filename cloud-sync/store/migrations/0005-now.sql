-- Each branch as it said last that it is: ahead of its history, and never older than what is here.
create table branch_now (
  tenant_id uuid not null,
  branch_id uuid not null,
  epoch text not null,
  seq bigint not null,
  steady_ms bigint not null,
  -- By the cloud's clock, as the branch signed it: what orders the present of two epochs.
  signed_at timestamptz not null,
  received_at timestamptz not null,
  body text not null,
  primary key (tenant_id, branch_id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, update on branch_now to smartqueue_app;

-- The first answers to repeated requests of those who manage tenants: their ids, and no secret.
create table answer_directory (
  key_hash bytea primary key,
  request_hash bytea not null,
  status int not null,
  body text not null,
  answered_at timestamptz not null
);
create index answer_age on answer_directory (answered_at);
grant select, insert, delete on answer_directory to smartqueue_app;

select guard_tenants();
