-- Which tenants there are, for those who come with a name and no tenant yet: nothing else stands here.
create table tenant_directory (
  tenant_id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9](-?[a-z0-9]){1,62}$')
);
grant select, insert on tenant_directory to smartqueue_app;

create table tenant (
  tenant_id uuid primary key references tenant_directory,
  name jsonb not null,
  created_at timestamptz not null
);
grant select, insert, update on tenant to smartqueue_app;

create table branch (
  tenant_id uuid not null references tenant,
  branch_id uuid not null,
  name jsonb not null,
  time_zone text not null,
  created_at timestamptz not null,
  primary key (tenant_id, branch_id)
);
grant select, insert, update on branch to smartqueue_app;

-- The logs of all branches, as they came. Appended to, and never written over.
create table event (
  tenant_id uuid not null,
  branch_id uuid not null,
  epoch text not null,
  seq bigint not null check (seq > 0),
  version int not null,
  type text not null,
  hash bytea not null,
  body bytea not null,
  primary key (tenant_id, branch_id, epoch, seq),
  foreign key (tenant_id, branch_id) references branch
) partition by hash (tenant_id);
do $$
begin
  for part in 0..15 loop
    execute format('create table event_%s partition of event for values with (modulus 16, remainder %s)', part, part);
  end loop;
end $$;
grant select, insert on event to smartqueue_app;

select guard_tenants();
