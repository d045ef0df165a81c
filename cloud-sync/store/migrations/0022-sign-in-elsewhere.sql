-- Where else a tenant lets its people sign in, and whom it knows by which name there.
set local search_path to smartqueue_identity, pg_temp;

create table tenant_issuer (
  tenant_id uuid not null references smartqueue.tenant_directory,
  issuer_id uuid not null,
  -- As people know it: it stands on the button.
  name text not null,
  issuer text not null,
  client_id text not null,
  secret_sealed bytea not null,
  made_at timestamptz not null,
  primary key (tenant_id, issuer_id),
  unique (tenant_id, issuer)
);
grant select, insert, delete on tenant_issuer to smartqueue_identity;

-- By tenant: what one tenant's issuer says of somebody is nothing to another tenant.
create table foreign_identity (
  tenant_id uuid not null,
  issuer_id uuid not null,
  subject text not null,
  person_id uuid not null references person,
  linked_at timestamptz not null,
  primary key (tenant_id, issuer_id, subject),
  foreign key (tenant_id, issuer_id) references tenant_issuer on delete cascade
);
create index foreign_identity_person on foreign_identity (person_id);
grant select, insert, delete on foreign_identity to smartqueue_identity;

alter table tenant_issuer enable row level security;
alter table tenant_issuer force row level security;
create policy own_rows on tenant_issuer using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
alter table foreign_identity enable row level security;
alter table foreign_identity force row level security;
create policy own_rows on foreign_identity using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

set local search_path to smartqueue, pg_temp;
