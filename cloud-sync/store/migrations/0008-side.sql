-- What lies beside a branch's log: names, phones, notes. Only ever sealed; each visit's key lies in a table of its own,
-- so that a copy of this one alone says nothing, and nobody who erases has to find every copy of a row.
create table side_row (
  tenant_id uuid not null,
  branch_id uuid not null,
  ticket_id text not null,
  epoch text not null,
  version bigint not null,
  sealed bytea not null,
  received_at timestamptz not null,
  primary key (tenant_id, branch_id, ticket_id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, update, delete on side_row to smartqueue_app;

create table side_key (
  tenant_id uuid not null,
  branch_id uuid not null,
  ticket_id text not null,
  key bytea not null,
  primary key (tenant_id, branch_id, ticket_id),
  foreign key (tenant_id, branch_id, ticket_id) references side_row on delete cascade
);
grant select, insert, update, delete on side_key to smartqueue_app;

create index side_row_age on side_row (tenant_id, branch_id, received_at);

-- What was erased, and must not come back out of an upload that was late or a backup that was put back.
create table side_erasure (
  tenant_id uuid not null,
  branch_id uuid not null,
  ticket_id text not null,
  asked_at timestamptz not null,
  -- The change with which the branch said that nothing is left there; null: it has not yet.
  done_epoch text,
  done_version bigint,
  done_at timestamptz,
  primary key (tenant_id, branch_id, ticket_id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, update, delete on side_erasure to smartqueue_app;

create index side_erasure_age on side_erasure (tenant_id, branch_id, done_at);

-- A dead row is cleared within a minute, not when a fifth of the table is dead.
alter table side_row set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
alter table side_key set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);

select guard_tenants();
