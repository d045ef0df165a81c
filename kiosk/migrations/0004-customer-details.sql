-- What customers said of themselves on papers printed without the server: here until the branch has it, then erased.
create table customer_details (
  ticket_id text primary key,
  body text not null
) strict, without rowid;
