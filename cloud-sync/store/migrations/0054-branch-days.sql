-- Who is mailed the report of each day of a branch.
create table report_subscription (
  tenant_id uuid not null references tenant,
  subscription_id uuid not null,
  email text not null,
  language text not null,
  -- null: of every branch.
  branch_id uuid,
  made_by text not null,
  made_at timestamptz not null,
  primary key (tenant_id, subscription_id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, delete on report_subscription to smartqueue_app;

-- What was done about a day of a branch once it was over: each is done once.
create table branch_day (
  tenant_id uuid not null,
  branch_id uuid not null,
  business_date text not null,
  -- Its report was written, to whoever wanted it then.
  reported_at timestamptz,
  -- Its figures were worked out anew from the log; how many of them are kept otherwise; null: not yet.
  checked_at timestamptz,
  differing_count int,
  -- JSON: the first of them. Or why it could not be done.
  findings text,
  primary key (tenant_id, branch_id, business_date),
  foreign key (tenant_id, branch_id) references branch
);
create index branch_day_differing on branch_day (tenant_id, checked_at) where differing_count > 0;
grant select, insert, update, delete on branch_day to smartqueue_app;

select guard_tenants();
