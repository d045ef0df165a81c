-- Sums of daily sums, for questions about long periods. They are derived: nothing is in them that the table rollup has not,
-- and they are read only while their month stands in gathered_month and is ready.
create table gathered_month (
  tenant_id uuid not null references tenant,
  -- '2026-11'
  month text not null,
  -- Of whoever gathers it: once its sums have changed meanwhile, the row is gone, and what was gathered is thrown away.
  token uuid not null,
  is_ready boolean not null,
  primary key (tenant_id, month)
);
grant select, insert, update, delete on gathered_month to smartqueue_app;

-- Durations lie packed: the count of each bucket in twelve digits of one number, so that a plain sum adds up all of them.
-- Of a branch, over a month.
create table rollup_of_month (
  tenant_id uuid not null,
  dimension text not null,
  branch_id uuid not null,
  month text not null,
  id text not null,
  issued int not null,
  called int not null,
  completed int not null,
  no_show int not null,
  cancelled int not null,
  abandoned int not null,
  targeted int not null,
  on_target int not null,
  signed_in_ms bigint not null,
  break_ms bigint not null,
  serving_ms bigint not null,
  wait_ms bigint not null,
  to_service_ms bigint not null,
  service_ms bigint not null,
  wait_packed numeric not null,
  to_service_packed numeric not null,
  service_packed numeric not null,
  primary key (tenant_id, dimension, branch_id, month, id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, delete on rollup_of_month to smartqueue_app;

-- Of all branches of a tenant, on one business date.
create table rollup_of_tenant (
  tenant_id uuid not null references tenant,
  dimension text not null,
  business_date text not null,
  id text not null,
  issued int not null,
  called int not null,
  completed int not null,
  no_show int not null,
  cancelled int not null,
  abandoned int not null,
  targeted int not null,
  on_target int not null,
  signed_in_ms bigint not null,
  break_ms bigint not null,
  serving_ms bigint not null,
  wait_ms bigint not null,
  to_service_ms bigint not null,
  service_ms bigint not null,
  wait_packed numeric not null,
  to_service_packed numeric not null,
  service_packed numeric not null,
  primary key (tenant_id, dimension, business_date, id)
);
grant select, insert, delete on rollup_of_tenant to smartqueue_app;

-- Whoever changes a daily sum, by whatever way, ends what was gathered of its month, in the same transaction.
create function end_gathered() returns trigger language plpgsql as $$
begin
  delete from smartqueue.gathered_month
  where (tenant_id, month) in (
    -- In one order: two uploads that end the same months wait for each other, and not both.
    select gathered.tenant_id, gathered.month from smartqueue.gathered_month gathered
    where (gathered.tenant_id, gathered.month) in (select tenant_id, left(business_date, 7) from changed)
    order by gathered.tenant_id, gathered.month for update
  );
  return null;
end $$;
revoke all on function end_gathered() from public;
create trigger rollup_added after insert on rollup referencing new table as changed
  for each statement execute function end_gathered();
create trigger rollup_changed after update on rollup referencing new table as changed
  for each statement execute function end_gathered();
create trigger rollup_removed after delete on rollup referencing old table as changed
  for each statement execute function end_gathered();

select guard_tenants();
