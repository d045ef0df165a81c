-- The living state's tickets are found by when they were born, no longer by a word at each row, which had to be written
-- once more when its day was over. That word stays for a version before, and is not looked for in an index any more.
create index ticket_born on ticket (tenant_id, branch_id, born_ord);
drop index ticket_retained;
