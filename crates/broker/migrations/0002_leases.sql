-- Who may present a grant's refresh token, where several brokers share the store.

alter table grants add column lease bigint not null default 0;  -- fencing number: every taker adds one
alter table grants add column leased_until bigint;              -- null: nobody holds it
alter table grants add column presented blob;                   -- SHA-256 of a refresh token that was sent
                                                                -- and has brought no usable answer yet
alter table grants add column presented_at bigint;              -- when that began

-- `grants.ended` from here on: 0 no, 1 the bank accepts the grant no more, 2 likewise, after a reply
-- of the bank got lost that may have held the next refresh token
