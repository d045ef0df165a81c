-- Who is asked to join a tenant, which addresses are proved, and who has signed out of everything.
set local search_path to smartqueue_identity, pg_temp;

alter table person
  -- By a mail that only the owner of the address could read; null: nobody has shown that yet.
  add column email_proved_at timestamptz,
  -- Tokens from before are believed no more, however long they are good.
  add column signed_out_at timestamptz;

-- What the link does, for whom. An invitation can be listed and taken back without its token.
alter table link
  add column link_id uuid unique,
  add column person_id uuid references person,
  add column language text,
  -- Whoever comes with it has read a mail at this address; otherwise somebody was shown the link.
  add column is_mailed boolean not null default false;
-- Of two invitations of one address to one tenant the later one counts.
create unique index link_invitation on link (tenant_id, email) where purpose = 'invitation';
grant update on link to smartqueue_identity;

-- Six digits that prove an address: few tries, a short life, one at a time.
create table mail_code (
  person_id uuid primary key references person,
  email text not null,
  code_hash bytea not null,
  tries int not null,
  made_at timestamptz not null,
  expires_at timestamptz not null
);
grant select, insert, update, delete on mail_code to smartqueue_identity;

set local search_path to smartqueue, pg_temp;
