-- Who wants nothing more, as she has told the number that writes to her: it is one for all tenants of this cloud. Beside the
-- messages, which are forgotten; by a keyed hash, so that the number itself stands nowhere.
create table stop_directory (
  channel text not null,
  recipient_hash bytea not null,
  -- Her last word: false once she has asked to be written to again.
  is_stopped boolean not null,
  said_at timestamptz not null,
  primary key (channel, recipient_hash)
);
grant select, insert, update on stop_directory to smartqueue_app;

-- What the provider is known to have taken, by its own ids: what it lists for a number may be of any tenant, and is counted once.
create table taken_directory (
  provider_id text primary key,
  taken_at timestamptz not null
);
create index taken_directory_old on taken_directory (taken_at);
grant select, insert, delete on taken_directory to smartqueue_app;

select guard_tenants();
