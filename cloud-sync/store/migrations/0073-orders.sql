-- What became of an order that its branch had only taken at first. Beside its receipt, which says that it was taken.
create table order_result (
  tenant_id uuid not null,
  branch_id uuid not null,
  number bigint not null,
  outcome text not null,
  received_at timestamptz not null,
  primary key (tenant_id, branch_id, number),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, delete on order_result to smartqueue_app;

-- What a branch was asked to say of how it is: versions, counts and log lines, of nobody in particular.
create table diagnostics (
  tenant_id uuid not null,
  branch_id uuid not null,
  -- Of the order that asked for it.
  number bigint not null,
  -- JSON, packed by gzip.
  bundle bytea not null,
  received_at timestamptz not null,
  primary key (tenant_id, branch_id, number),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, delete on diagnostics to smartqueue_app;

select guard_tenants();
