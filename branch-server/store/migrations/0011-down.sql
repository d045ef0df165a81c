-- How far this branch is in what its cloud sends down, for each of the two shapes.
create table cloud_shape (
  shape text primary key,
  -- Of which branch of which cloud: another one counts anew.
  cloud_branch_id text not null,
  -- The version that was applied last, the number of the message that was done last.
  place integer not null,
  -- Where to go on asking; null: from the start.
  handle text,
  shape_offset text
) strict, without rowid;

-- What became of messages, until the cloud knows.
create table cloud_receipt (
  number integer primary key,
  outcome text not null
) strict, without rowid;
