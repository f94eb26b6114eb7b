-- What the sweep and every refresh look for, by indexes: a million connections cost them what a thousand do.

alter table grants add column loose_since bigint;  -- when it came, while no connection points to it; null: one does
update grants set loose_since = received_at
where not exists (select 1 from connections where grant_id = grants.id);
create index grants_by_loose on grants (loose_since) where loose_since is not null;

create index authorizations_by_end on authorizations (ends_at);
create index authorizations_exchanging on authorizations (ends_at) where stage = 2;

create index revocations_by_fingerprint on revocations (provider, fingerprint);
