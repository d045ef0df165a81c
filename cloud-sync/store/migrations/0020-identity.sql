-- People and what proves them. In a schema of its own: the role that answers for tenants has no right here, and the role
-- that signs people in has none there. What is secret is hashed, or sealed by a key that no table holds.
set local search_path to smartqueue_identity, pg_temp;

create table person (
  person_id uuid primary key,
  -- In small letters, as it is looked for.
  email text not null unique check (email = lower(email)),
  name text not null,
  language text not null,
  -- null: she signs in elsewhere, or has not chosen one yet.
  password_hash text,
  is_super_admin boolean not null default false,
  wrong_count int not null default 0,
  locked_until timestamptz,
  totp_sealed bytea,
  -- A code is good once: of which half minute the last one was.
  totp_step bigint,
  created_at timestamptz not null
);
grant select, insert, update on person to smartqueue_identity;

create table backup_code (
  person_id uuid not null references person,
  code_hash bytea not null,
  primary key (person_id, code_hash)
);
grant select, insert, delete on backup_code to smartqueue_identity;

create table member (
  tenant_id uuid not null references smartqueue.tenant_directory,
  person_id uuid not null references person,
  role text not null check (role in ('admin', 'manager', 'agent')),
  added_at timestamptz not null,
  primary key (tenant_id, person_id)
);
create index member_of on member (person_id);
grant select, insert, update, delete on member to smartqueue_identity;
alter table member enable row level security;
alter table member force row level security;
-- A tenant sees its members, a person sees where she is one.
create policy own_rows on member using (
  tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)
  or person_id = (select nullif(current_setting('app.person_id', true), '')::uuid)
);

-- What the sign-in keeps: sessions, codes, grants, refresh tokens. Found by the hash of what the bearer holds.
create table artifact (
  kind text not null,
  id_hash bytea not null,
  sealed bytea not null,
  person_id uuid,
  grant_hash bytea,
  uid_hash bytea,
  consumed_at timestamptz,
  expires_at timestamptz not null,
  primary key (kind, id_hash)
);
create index artifact_grant on artifact (grant_hash) where grant_hash is not null;
create index artifact_uid on artifact (uid_hash) where uid_hash is not null;
create index artifact_person on artifact (person_id) where person_id is not null;
create index artifact_age on artifact (expires_at);
grant select, insert, update, delete on artifact to smartqueue_identity;

-- What a refresh was answered, for the half minute in which the same device may ask again. Sealed by the token that asked.
create table refresh_answer (
  token_hash bytea primary key,
  asker_hash bytea not null,
  asked_at timestamptz not null,
  sealed bytea
);
create index refresh_answer_age on refresh_answer (asked_at);
grant select, insert, update, delete on refresh_answer to smartqueue_identity;

create table signing_key (
  key_id text primary key,
  sealed bytea not null,
  made_at timestamptz not null
);
grant select, insert, delete on signing_key to smartqueue_identity;

-- Links that work once: the first administrator, an invitation, a forgotten password.
create table link (
  token_hash bytea primary key,
  purpose text not null check (purpose in ('first', 'invitation', 'reset')),
  email text,
  tenant_id uuid,
  role text,
  expires_at timestamptz not null
);
grant select, insert, delete on link to smartqueue_identity;

set local search_path to smartqueue, pg_temp;
