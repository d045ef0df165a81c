-- An agent whom an edit of the catalogue left out by mistake finds her PIN again when the next one brings her back.
-- null: she is in the catalogue; else the version that left her out, and what she was called.
alter table agent_pin add column left_version integer;
alter table agent_pin add column left_name text;
