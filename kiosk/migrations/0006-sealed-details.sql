-- What customers said of themselves, sealed under a key that is in no database. What `customer_details` still holds in the
-- open is brought here by the first program that opens the file; a program of the version before hands those papers over
-- without it.
create table sealed_details (
  ticket_id text primary key,
  sealed blob not null
) strict, without rowid;
