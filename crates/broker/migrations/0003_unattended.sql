-- What was read without the person, for as long as the law counts it: a row per call.

create table unattended_reads (
    id integer primary key,
    provider text not null,
    account blob not null,                   -- SHA-256 of the bank's account id; of the grant's id for the list of accounts
    access text not null,                    -- calls of one access share this
    action blob,                             -- SHA-256 of the Action-ID that holds an access together; null: alone
    target blob not null,                    -- SHA-256 of path and query: one access reads each once
    at bigint not null
);
create index unattended_reads_by_account on unattended_reads (provider, account, at);
create index unattended_reads_by_time on unattended_reads (at);
