-- What stays of a connection that has ended, whose it was to the app, and what an operator has paused.

create table receipts (
    id text primary key,
    connection text not null,                -- the id it had
    session bigint not null,                 -- whose browser may see it
    provider text not null,
    scopes text not null,                    -- separated by spaces
    subject text,                            -- as of connections
    grant_id text not null,                  -- what still becomes of its tokens is written down here
    connected_at bigint not null,
    disconnected_at bigint not null,
    cause text not null,                     -- who ended it, and why
    tries bigint not null default 0,         -- how often the bank was asked to forget the tokens
    outcome bigint,                          -- the weakest of its answers, 0 revoked, 1 not offered, 2 not asked: another
                                             -- connection lives on the tokens, 3 given up; null: none yet
    acknowledged_at bigint,                  -- when it last said that it has forgotten tokens
    answer blob                              -- SHA-256 of its last reply
);
create index receipts_by_time on receipts (disconnected_at, id);
create index receipts_by_provider on receipts (provider, disconnected_at, id);
create index receipts_by_subject on receipts (subject, disconnected_at, id) where subject is not null;
create index receipts_by_connection on receipts (connection);
create index receipts_by_session on receipts (session);
create index receipts_by_grant on receipts (grant_id);

alter table revocations add column receipt text;   -- what becomes of it is written down there
create index revocations_by_receipt on revocations (receipt) where receipt is not null;

alter table connections add column subject text;   -- whose it is to the app; null: nobody has said
create index connections_by_subject on connections (subject, id) where subject is not null;
alter table grants add column certificate blob;    -- SHA-256 of ours under which the bank last gave tokens; null: none
create index grants_by_certificate on grants (certificate) where certificate is not null;

create table freezes (                   -- to whom nothing goes but revocations
    provider text primary key,           -- empty: every bank
    reason text not null,
    since bigint not null
);
