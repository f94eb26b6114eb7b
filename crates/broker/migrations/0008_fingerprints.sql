-- Which other tokens a grant is known by: those of a reply not yet looked at, and those that its own replaced. A
-- second authorization may bring either, where a refresh was under way meanwhile.

alter table grants add column next_fingerprint blob;     -- of the tokens in `unjudged`
alter table grants add column earlier_fingerprint blob;  -- of the tokens before those in use
create index grants_by_next on grants (provider, next_fingerprint) where next_fingerprint is not null;
create index grants_by_earlier on grants (provider, earlier_fingerprint) where earlier_fingerprint is not null;
