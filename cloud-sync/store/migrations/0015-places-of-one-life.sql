-- A place in the log of a shape is one entry of it, in one life of the database: put back to an older copy it gives the
-- same numbers to other entries. So the lower part of an entry's number is chance, and a place is good while its entry,
-- or the floor that took the entry's place, is here.
alter table shape_log alter column seq set increment by 1048576;
create function blur_place() returns trigger language plpgsql as $$
begin
  new.seq := new.seq + floor(random() * 1048576)::bigint;
  return new;
end $$;
revoke all on function blur_place() from public;
create trigger blur_place before insert on shape_log for each row execute function blur_place();

-- What a branch has done of a shape although it was never sent from here: by a life of this database that is lost. What
-- is sent from now on counts on from there. No row: nothing was.
create table shape_done (
  tenant_id uuid not null,
  branch_id uuid not null,
  shape text not null,
  place bigint not null,
  primary key (tenant_id, branch_id, shape),
  foreign key (tenant_id, branch_id) references branch
);
grant select, insert, update on shape_done to smartqueue_app;

select guard_tenants();
