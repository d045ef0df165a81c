-- Beyond every change of the visits of which nothing is left on either side. One that is written of again counts on from
-- here: were it to begin anew, the cloud would take what is new for what it was told to forget.
create table side_travel_floor (
  single integer primary key check (single = 1),
  version integer not null
) strict;
-- Until now a visit that was forgotten began at 1 again; none has seen so many changes.
insert into side_travel_floor values (1, 1000);

create trigger side_travel_goes after delete on side_travel begin
  update side_travel_floor set version = max(version, old.version);
end;

drop trigger note_comes;
create trigger note_comes after insert on note begin
  insert into side_travel (ticket_id, version) values (new.ticket_id, (select version + 1 from side_travel_floor))
    on conflict (ticket_id) do update set version = version + 1;
end;
drop trigger details_come;
create trigger details_come after insert on customer_details begin
  insert into side_travel (ticket_id, version) values (new.ticket_id, (select version + 1 from side_travel_floor))
    on conflict (ticket_id) do update set version = version + 1;
end;
