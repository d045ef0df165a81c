-- What somebody set up at a branch by hand and no log brings back: who its devices are, and the PINs, as hashes. Sealed,
-- its key in a table of its own; it goes to whichever box takes the branch's place, and to nobody else.
create table role_row (
  tenant_id uuid not null,
  branch_id uuid not null,
  sealed bytea not null,
  received_at timestamptz not null,
  primary key (tenant_id, branch_id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, update, delete on role_row to smartqueue_app;

create table role_key (
  tenant_id uuid not null,
  branch_id uuid not null,
  key bytea not null,
  primary key (tenant_id, branch_id),
  foreign key (tenant_id, branch_id) references role_row on delete cascade
);
grant select, insert, update, delete on role_key to smartqueue_app;

-- The newest of the cloud's catalogues that a branch has in force, as it says: what is published next comes above it, also
-- in a database that was put back to an older copy.
alter table branch_now add column catalogue_version int not null default 0;

select guard_tenants();
