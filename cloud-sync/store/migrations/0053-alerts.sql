-- What head office wants to be told of, and what it was told.
create table alert_rule (
  tenant_id uuid not null references tenant,
  rule_id uuid not null,
  kind text not null check (kind in ('wait', 'length', 'counters', 'device', 'branch', 'paper', 'clock', 'figures')),
  -- null: of every branch.
  branch_id uuid,
  -- Milliseconds for wait, device, branch and clock; people for length and counters; 1 low or 2 out for paper; cells for figures.
  threshold bigint not null check (threshold > 0),
  -- While it goes on and nobody has said that she knows, it is told again after so long; null: once.
  repeat_minutes int check (repeat_minutes > 0),
  emails text[] not null,
  -- Of the mails.
  language text not null,
  made_by text not null,
  made_at timestamptz not null,
  primary key (tenant_id, rule_id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, update, delete on alert_rule to smartqueue_app;

create table alert (
  tenant_id uuid not null,
  alert_id uuid not null,
  rule_id uuid not null,
  branch_id uuid not null,
  -- Of the branch: a queue, a device, a date; '' for the branch itself.
  subject text not null,
  seen_at timestamptz not null,
  -- null: it is not so for long enough yet, and nobody is told.
  began_at timestamptz,
  value bigint not null,
  worst bigint not null,
  told_at timestamptz,
  told_count int not null default 0,
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz,
  changed_at timestamptz not null,
  primary key (tenant_id, alert_id),
  foreign key (tenant_id, rule_id) references alert_rule on delete cascade
);
-- One at a time of each: two clouds that see the same see one.
create unique index alert_open on alert (tenant_id, rule_id, branch_id, subject) where resolved_at is null;
create index alert_changed on alert (tenant_id, changed_at);
grant select, insert, update, delete on alert to smartqueue_app;

-- Mails of a tenant that are still to go out, written in the transaction of what they tell of; gone once they are sent.
create table mail_waiting (
  tenant_id uuid not null references tenant,
  mail_id uuid not null,
  to_address text not null,
  subject text not null,
  body text not null,
  attachment bytea,
  attachment_name text,
  made_at timestamptz not null,
  attempt_count int not null default 0,
  -- null: given up.
  next_attempt_at timestamptz,
  primary key (tenant_id, mail_id)
);
create index mail_waiting_due on mail_waiting (tenant_id, next_attempt_at);
grant select, insert, update, delete on mail_waiting to smartqueue_app;

select guard_tenants();
