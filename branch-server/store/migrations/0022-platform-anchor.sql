-- Beside the tenant's chain a branch holds the one of the cloud itself.
alter table audit_anchor rename to audit_anchor_before;
create table audit_anchor (
  whose text primary key check (whose in ('cloud', 'own', 'platform')),
  -- Of which tenant of which cloud: another one has another chain.
  cloud_branch_id text not null,
  -- Empty: not told.
  chain text not null,
  seq integer not null,
  hash text not null
) strict, without rowid;
insert into audit_anchor select * from audit_anchor_before;
drop table audit_anchor_before;

-- Lives of those chains that are over: a chain that is cut back into one of them goes on under no new name.
create table audit_former_life (
  chain text primary key
) strict, without rowid;
