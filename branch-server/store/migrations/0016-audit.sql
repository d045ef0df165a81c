-- Who changed what of the branch itself: devices, PINs, settings. Each entry holds the hash of the one before it; what
-- visits come to stands in the log. Only added to.
create table audit_entry (
  seq integer primary key,
  chain text not null,
  body text not null,
  hash text not null
) strict;

create trigger audit_entry_stays before update on audit_entry begin
  select raise(abort, 'an entry of the audit is never changed');
end;
create trigger audit_entry_remains before delete on audit_entry begin
  select raise(abort, 'an entry of the audit is never removed');
end;

-- What branch and cloud hold of each other's audit. cloud: of the cloud's, here. own: of ours, as the cloud said last.
create table audit_anchor (
  whose text primary key check (whose in ('cloud', 'own')),
  -- Of which tenant of which cloud: another one has another chain.
  cloud_branch_id text not null,
  -- Empty: not told.
  chain text not null,
  seq integer not null,
  hash text not null
) strict, without rowid;
