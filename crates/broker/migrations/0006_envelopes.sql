-- Envelopes: each sealed row has a data key of its own, which lies beside it, wrapped by a key of the ring.

-- No version that sealed otherwise was ever released; its records would not open, so nothing is done to them.
create table of_an_unreleased_version (begin_with_a_new_store bigint not null check (begin_with_a_new_store = 0));
insert into of_an_unreleased_version select count(*) from grants;
insert into of_an_unreleased_version select count(*) from revocations;
drop table of_an_unreleased_version;

alter table grants add column kek text not null default '';             -- id of the ring's key that wraps
alter table grants add column data_key blob not null default '';        -- wrapped: opens `sealed` and `unjudged`
alter table grants add column sealed_version bigint not null default 0; -- the version that `sealed` came with
create index grants_by_kek on grants (kek);

alter table revocations add column kek text not null default '';
alter table revocations add column data_key blob not null default '';
create index revocations_by_kek on revocations (kek);

alter table orders add column kek text;                  -- null: no answer is kept yet
alter table orders add column data_key blob;
create index orders_by_kek on orders (kek) where kek is not null;

create table secrets (                   -- of the store as a whole
    name text primary key,               -- 'lookup': what could be guessed is looked up by its HMAC under this one
    kek text not null,
    data_key blob not null
);

alter table seal_keys add column number bigint not null default 0;  -- in the order in which they began to seal:
                                                                    -- the one with the highest does
alter table seal_keys add column sealed_at bigint;                  -- when a broker last said that it seals with it
alter table seal_keys add column retired_at bigint;                 -- null: records may be under it

create table brokers (                   -- which run, and which keys their rings have
    id text primary key,
    keys text not null,                  -- ids, separated by spaces
    alive_until bigint not null          -- unless it says so again
);
