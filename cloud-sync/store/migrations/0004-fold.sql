-- Which event of which epoch an epoch goes on from, as its first event says; null for the first of a branch.
alter table branch_log add column parent_epoch text;
alter table branch_log add column parent_seq bigint;

-- Catalogues as a branch applied them; its log names their hashes.
create table branch_catalogue (
  tenant_id uuid not null,
  branch_id uuid not null,
  hash text not null,
  version bigint not null,
  body text not null,
  received_at timestamptz not null,
  primary key (tenant_id, branch_id, hash),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert on branch_catalogue to smartqueue_app;

-- How far the log of a branch is read, and the state that it tells, less the tickets. One row a branch.
create table branch_fold (
  tenant_id uuid not null,
  branch_id uuid not null,
  -- Of the program that read it: what it passed over, a later one may understand.
  reading text not null,
  -- Anew with each step: whoever remembers the state sees by it whether that is still so.
  token uuid not null,
  -- Events read, along the line.
  ord bigint not null,
  -- JSON: [[epoch, place of the last event read in it]], oldest first.
  line text not null,
  -- JSON: the state, the shifts that go on, the catalogues by version.
  rest text not null,
  is_behind boolean not null,
  -- The first event that was passed over, and how many of each type were not known.
  trouble_ord bigint,
  unknown text not null,
  primary key (tenant_id, branch_id),
  foreign key (tenant_id, branch_id) references branch
);
create index branch_fold_behind on branch_fold (tenant_id, branch_id) where is_behind;
grant select, insert, update, delete on branch_fold to smartqueue_app;

-- A place to begin again from, made as each day opens.
create table fold_mark (
  tenant_id uuid not null,
  branch_id uuid not null,
  ord bigint not null,
  line text not null,
  rest text not null,
  -- JSON: the tickets of the state, each with its row.
  tickets text not null,
  primary key (tenant_id, branch_id, ord),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, delete on fold_mark to smartqueue_app;

-- Every ticket as its last event left it. Retained: part of the living state still.
create table ticket (
  tenant_id uuid not null,
  branch_id uuid not null,
  ticket_id text not null,
  business_date text not null,
  number text not null,
  service_id text not null,
  status text not null,
  wait_ms bigint,
  to_service_ms bigint,
  service_ms bigint not null,
  issued_hour int,
  target_ms bigint,
  ending text,
  is_training boolean not null,
  passes text not null,
  body text not null,
  is_retained boolean not null,
  -- Its log cannot be read: it is in no figure, and somebody must look.
  is_set_aside boolean not null,
  -- Places along the line of its first event and its last.
  born_ord bigint not null,
  changed_ord bigint not null,
  primary key (tenant_id, branch_id, ticket_id),
  foreign key (tenant_id, branch_id) references branch
) partition by hash (tenant_id);

-- The row of a ticket of an earlier day as it was before it changed late: kept as long as the marks before that.
create table ticket_former (
  tenant_id uuid not null,
  branch_id uuid not null,
  ord bigint not null,
  ticket_id text not null,
  -- JSON
  was text not null,
  primary key (tenant_id, branch_id, ord, ticket_id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, delete on ticket_former to smartqueue_app;
do $$
begin
  for part in 0..15 loop
    execute format('create table ticket_%s partition of ticket for values with (modulus 16, remainder %s)', part, part);
  end loop;
end $$;
create index ticket_date on ticket (tenant_id, branch_id, business_date);
create index ticket_retained on ticket (tenant_id, branch_id) where is_retained;
grant select, insert, update, delete on ticket to smartqueue_app;

-- A counter with an agent at it on one business date, once that has ended.
create table shift (
  tenant_id uuid not null,
  branch_id uuid not null,
  -- Of the event that ended it; the roll of a day ends several.
  ord bigint not null,
  counter_id text not null,
  agent_id text not null,
  business_date text not null,
  is_training boolean not null,
  signed_in_ms bigint not null,
  break_ms bigint not null,
  serving_ms bigint not null,
  primary key (tenant_id, branch_id, ord, counter_id),
  foreign key (tenant_id, branch_id) references branch
);
create index shift_date on shift (tenant_id, branch_id, business_date);
grant select, insert, delete on shift to smartqueue_app;

-- Sums over the tickets and the ended shifts of one business date, in the transaction that changes those.
-- The arrays: bucket, count, bucket, count … of shared/project/spread.ts.
create table rollup (
  tenant_id uuid not null,
  dimension text not null,
  branch_id uuid not null,
  business_date text not null,
  id text not null,
  issued int not null,
  called int not null,
  completed int not null,
  no_show int not null,
  cancelled int not null,
  abandoned int not null,
  targeted int not null,
  on_target int not null,
  signed_in_ms bigint not null,
  break_ms bigint not null,
  serving_ms bigint not null,
  wait_ms bigint not null,
  to_service_ms bigint not null,
  service_ms bigint not null,
  wait_buckets int[] not null,
  to_service_buckets int[] not null,
  service_buckets int[] not null,
  primary key (tenant_id, dimension, branch_id, business_date, id),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, update, delete on rollup to smartqueue_app;

-- Events whose effect could not be had: kept raw, their tickets set aside, told to head office.
create table set_aside (
  tenant_id uuid not null,
  branch_id uuid not null,
  epoch text not null,
  seq bigint not null,
  ord bigint not null,
  -- Empty: the event is of no ticket.
  ticket_id text not null,
  type text not null,
  reason text not null,
  noted_at timestamptz not null,
  primary key (tenant_id, branch_id, epoch, seq),
  foreign key (tenant_id, branch_id) references branch
);
create index set_aside_ticket on set_aside (tenant_id, branch_id, ticket_id);
grant select, insert, delete on set_aside to smartqueue_app;

select guard_tenants();
