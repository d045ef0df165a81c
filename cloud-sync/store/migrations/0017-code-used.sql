-- By which key a code was used: the same box may ask again with it, for its answer may have been lost on the way.
alter table enrolment_directory add column used_by text;
