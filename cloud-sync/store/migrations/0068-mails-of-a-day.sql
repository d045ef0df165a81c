-- How many mails of one kind went to an address in a day: nobody fills another's mailbox.
set local search_path to smartqueue_identity, pg_temp;

create table mail_count (
  -- Keyed, by address and kind: whose it is is read by nobody here.
  kind_hash bytea primary key,
  begun_at timestamptz not null,
  count int not null
);
create index mail_count_age on mail_count (begun_at);
grant select, insert, update, delete on mail_count to smartqueue_identity;

set local search_path to smartqueue, pg_temp;
