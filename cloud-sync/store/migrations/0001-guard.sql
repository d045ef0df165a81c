-- What every migration ends with: whatever bears a tenant shows each tenant its own rows alone, to its owner, too.
-- A connection that has never named a tenant reads '' there, which is nobody.
create function guard_tenants() returns void language plpgsql as $$
declare
  guarded regclass;
begin
  for guarded in
    select c.oid from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'smartqueue'::regnamespace and c.relkind in ('r', 'p')
      and a.attname = 'tenant_id' and c.relname !~ '_directory$' and not c.relrowsecurity
  loop
    execute format('alter table %s enable row level security', guarded);
    execute format('alter table %s force row level security', guarded);
    execute format(
      'create policy own_tenant on %s using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))',
      guarded
    );
  end loop;
end $$;
revoke all on function guard_tenants() from public;
