-- What names a customer, and what was written about her, sealed under a key that is in no database and no backup. What
-- stood in the open until now is sealed by the first program that opens the file. A program of the version before finds
-- an empty note and no name.
alter table note add column sealed blob;
alter table customer_details add column sealed blob;
