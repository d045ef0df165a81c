-- What a person found of a paper that nobody could be sure of, and who it was.
alter table print_job add column judgement text;
alter table print_job add column judged_by text;
