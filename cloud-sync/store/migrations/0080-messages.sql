-- Messages to customers. What is to be sent is written in the transaction of what it tells of; that it is about to be sent
-- is written before a provider is asked.
create table message (
  tenant_id uuid not null references tenant,
  message_id uuid not null,
  -- What it tells of, as the caller names it: the same is told once to each recipient on each channel.
  about text not null,
  event text not null,
  channel text not null check (channel in ('sms', 'email')),
  -- 'erased' and the id once it was.
  recipient text not null,
  branch_id uuid,
  ticket_id text,
  subject text not null,
  body text not null,
  -- Channels that are tried when this one cannot: [{channel, recipient, subject, body}].
  fallback jsonb not null,
  -- Where the recipient is: by it quiet hours are kept.
  time_zone text not null,
  state text not null check (
    state in ('queued', 'sending', 'accepted', 'delivered', 'failed', 'unknown', 'expired', 'suppressed')),
  -- Why it is so, as a name; null: nothing to say.
  reason text,
  -- By what the provider knows it; null: not known to have been taken.
  provider_id text,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  -- queued: when it may be sent; sending: when whoever took it is given up; unknown: when the provider is asked. null: never.
  next_at timestamptz,
  attempt_count int not null default 0,
  ask_count int not null default 0,
  -- When the last try was begun.
  attempted_at timestamptz,
  -- Reserved in the sums of that day; null: nothing is.
  reserved_on date,
  cost_micros bigint not null default 0,
  changed_at timestamptz not null,
  primary key (tenant_id, message_id),
  foreign key (tenant_id, branch_id) references branch
);
create unique index message_once on message (tenant_id, about, event, channel, recipient);
create index message_due on message (tenant_id, next_at) where next_at is not null;
create index message_under_way on message (tenant_id, channel, recipient) where state in ('sending', 'unknown');
create index message_provider on message (tenant_id, provider_id) where provider_id is not null;
create index message_listed on message (tenant_id, made_at desc, message_id);
create index message_visit on message (tenant_id, branch_id, ticket_id) where ticket_id is not null;
grant select, insert, update, delete on message to smartqueue_app;

-- Who wants nothing more on a channel, until she says otherwise.
create table message_stop (
  tenant_id uuid not null references tenant,
  channel text not null,
  recipient text not null,
  stopped_at timestamptz not null,
  primary key (tenant_id, channel, recipient)
);
grant select, insert, update, delete on message_stop to smartqueue_app;

-- What went out of a day, and what it may cost: of the tenant, of each branch, of each number.
create table message_spend (
  tenant_id uuid not null references tenant,
  day date not null,
  kind text not null check (kind in ('tenant', 'branch', 'number')),
  subject text not null,
  sent_count bigint not null default 0,
  cost_micros bigint not null default 0,
  primary key (tenant_id, day, kind, subject)
);
grant select, insert, update, delete on message_spend to smartqueue_app;

-- A tenant that has set none sends no text messages.
create table message_policy (
  tenant_id uuid not null references tenant,
  channels text[] not null,
  -- Minutes of the recipient's day, from which to before which nothing is sent; null: always.
  quiet_from int check (quiet_from between 0 and 1439),
  quiet_until int check (quiet_until between 0 and 1439),
  number_day_max bigint not null check (number_day_max >= 0),
  branch_day_max bigint not null check (branch_day_max >= 0),
  tenant_day_max bigint not null check (tenant_day_max >= 0),
  money_day_max_micros bigint not null check (money_day_max_micros >= 0),
  sms_price_micros bigint not null check (sms_price_micros >= 0),
  -- With which numbers begin that are written to, as +221.
  calling_codes text[] not null,
  changed_at timestamptz not null,
  primary key (tenant_id),
  check ((quiet_from is null) = (quiet_until is null))
);
grant select, insert, update, delete on message_policy to smartqueue_app;

create table message_template (
  tenant_id uuid not null references tenant,
  event text not null,
  channel text not null,
  language text not null,
  subject text not null,
  body text not null,
  changed_at timestamptz not null,
  primary key (tenant_id, event, channel, language)
);
grant select, insert, update, delete on message_template to smartqueue_app;

select guard_tenants();
