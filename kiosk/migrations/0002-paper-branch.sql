-- Whose paper it is: the key of the branch it was printed for. null: from before this was noted, the present branch's.
alter table offline_ticket add column branch_key text;
