-- Orders that were entered at a bank, each by the Idempotency-Key its page gave it.

create table orders (
    id integer primary key,
    connection text not null,                -- whose it is; gone with it, but not with its renewal
    key text not null,
    path text not null,                      -- the resource's template
    request blob not null,                   -- SHA-256 of method, path and body
    attempt text not null,                   -- the call that sent it
    begun_at bigint not null,
    lost_at bigint not null,                 -- an answer that is not there by then will not come
    state integer not null default 0,        -- 0 in flight, 1 answered, 2 refused, 3 the answer got lost
    sealed blob,                             -- the bank's answer; of a refusal its codes
    unique (connection, key)
);
create index orders_by_time on orders (begun_at);
