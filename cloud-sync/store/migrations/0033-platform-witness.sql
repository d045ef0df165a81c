-- What each branch says that it holds of the platform's own audit, which belongs to no tenant; null: not told.
alter table audit_witness
  add column platform_seq bigint,
  add column platform_hash text;
