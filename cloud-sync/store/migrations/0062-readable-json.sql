-- Whether a text that a branch sent can be read as JSON: what cannot is its branch's own trouble, and ends nobody else's
-- reading. Postgres 16 has this itself; 15 has not.
create function is_readable_json(sent text) returns boolean language plpgsql immutable as $$
begin
  perform sent::jsonb;
  return true;
exception when data_exception then
  return false;
end $$;
revoke all on function is_readable_json(text) from public;
grant execute on function is_readable_json(text) to smartqueue_app;
