-- What customers say of themselves when they take a ticket, and the text they agreed to: beside the log, because it is
-- erased when their day is over.
create table customer_details (
  ticket_id text primary key,
  name text,
  phone text,
  consented_at_ms integer not null,
  -- the catalogue whose text stood on the screen, and in which language
  consent_version integer not null,
  consent_language text not null
) strict, without rowid;
