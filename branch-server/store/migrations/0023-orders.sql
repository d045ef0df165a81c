-- What head office has this branch or its devices do, until the cloud knows what came of it.
create table cloud_order (
  -- Of the message that brought it, and of which branch of which cloud: another one counts anew.
  cloud_branch_id text not null,
  number integer not null,
  order_id text not null,
  -- JSON, as it came.
  message text not null,
  -- By the cloud's clock: not begun later.
  expires_at_ms integer not null,
  -- The device was told, and may have done it.
  is_told integer not null default 0,
  -- null: nobody has said yet.
  outcome text,
  primary key (cloud_branch_id, number)
) strict, without rowid;
