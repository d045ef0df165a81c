-- Keys by which a branch signed before another box took its place: whoever still signs by one is a box that is thought dead.
alter table branch add column former_keys text[] not null default '{}';
