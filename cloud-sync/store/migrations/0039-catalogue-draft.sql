-- What head office is about to publish for a branch. Its version only goes up, also when there is no draft any more (body
-- null): whoever changes what somebody else has changed or published meanwhile is told so. PINs lie here as hashes alone.
create table catalogue_draft (
  tenant_id uuid not null,
  branch_id uuid not null,
  version int not null check (version > 0),
  body text,
  pin_hashes text not null,
  -- The published version that it began with.
  based_on int not null,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (tenant_id, branch_id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, update on catalogue_draft to smartqueue_app;

select guard_tenants();
