-- Which visits have something beside the log, and what of it the cloud has been told. No name, phone or note stands here.
-- Kept by the tables themselves: whichever way a row comes or goes, by a hand or by its age, the cloud hears of it.
create table side_travel (
  ticket_id text primary key,
  -- counts the changes
  version integer not null,
  -- the change that the cloud has said to keep; 0: none
  told_version integer not null default 0,
  -- 1: the cloud may hold something, for it was sent once
  is_out integer not null default 0
) strict, without rowid;

create index side_travel_untold on side_travel (ticket_id) where told_version <> version;

create trigger note_comes after insert on note begin
  insert into side_travel (ticket_id, version) values (new.ticket_id, 1)
    on conflict (ticket_id) do update set version = version + 1;
end;
create trigger details_come after insert on customer_details begin
  insert into side_travel (ticket_id, version) values (new.ticket_id, 1)
    on conflict (ticket_id) do update set version = version + 1;
end;
-- What was never sent needs nobody's telling.
create trigger note_goes after delete on note begin
  update side_travel set version = version + 1 where ticket_id = old.ticket_id;
  delete from side_travel where ticket_id = old.ticket_id and is_out = 0
    and not exists (select 1 from customer_details where ticket_id = old.ticket_id);
end;
create trigger details_go after delete on customer_details begin
  update side_travel set version = version + 1 where ticket_id = old.ticket_id;
  delete from side_travel where ticket_id = old.ticket_id and is_out = 0
    and not exists (select 1 from note where ticket_id = old.ticket_id);
end;

insert into side_travel (ticket_id, version)
  select ticket_id, 1 from note union select ticket_id, 1 from customer_details;
