-- Postgres keeps samples of what stands in a column, to plan by, until it next looks: among them keys of visits that were
-- erased meanwhile. Nobody asks by a key, or by what is sealed. To change the type, if only to itself, drops what is there.
alter table side_key alter column key type bytea, alter column key set statistics 0;
alter table side_row alter column sealed type bytea, alter column sealed set statistics 0;
