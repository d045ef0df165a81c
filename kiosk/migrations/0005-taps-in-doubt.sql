-- Taps that the branch was asked for and that have brought neither paper nor a clear no: it may have made a ticket for them.
create table tap_in_doubt (
  key text primary key,
  -- the branch that was asked
  branch_key text not null,
  -- 1: the customer was given nothing, and the branch is to be told so
  is_given_up integer not null
) strict, without rowid;
