-- One schema for every store. Times are seconds since 1970-01-01 UTC.

create table sessions (
    id integer primary key autoincrement,    -- never used twice: work under way knows it
    cookie_hash blob unique,                 -- SHA-256 of the cookie; null: the browser has none for it
    follows bigint references sessions (id) on delete set null,
                                             -- takes this one's place once the browser shows its cookie
    handed_out_at bigint,                    -- when the browser was sent the cookie; null: it has shown it
    handed_out_to bigint,                    -- which session that browser had then
    earlier_hash blob,                       -- of the cookie before: a second tab may still start with it
    earlier_ends_at bigint,
    created_at bigint not null,
    ends_at bigint not null
);
create index sessions_by_end on sessions (ends_at);
create index sessions_by_earlier on sessions (earlier_hash) where earlier_hash is not null;
create index sessions_by_hand_out on sessions (handed_out_at) where handed_out_at is not null;
create index sessions_by_follows on sessions (follows) where follows is not null;

create table authorizations (
    state_hash blob primary key,             -- SHA-256 of `state`
    session bigint not null references sessions (id) on delete cascade,
    provider text not null,
    scopes text not null,                    -- separated by spaces
    redirect_uri text not null,
    code_challenge text not null,
    stage integer not null default 0,        -- 0 open, 1 used up, 2 code being exchanged, 3 arrived
    arrived bigint references sessions (id) on delete set null,
                                             -- the session that holds the new connection
    connection text,                         -- the id which that connection has, or will take
    ends_at bigint not null
);
create index authorizations_by_session on authorizations (session, ends_at);
create index authorizations_by_arrived on authorizations (arrived) where arrived is not null;

create table grants (
    id text primary key,
    provider text not null,
    fingerprint blob,                        -- SHA-256 of the token that identifies the grant
    sealed blob,                             -- the tokens in use
    unjudged blob,                           -- a raw reply of the bank not yet looked at
    access_ends_at bigint,                   -- null: no end (prepared sandbox tokens)
    refresh_at bigint,                       -- when to refresh ahead of the end
    refreshed_at bigint,                     -- when the tokens were last refreshed
    refreshable integer not null,            -- 1: a refresh token is among the tokens
    ended integer not null default 0,        -- 1: the bank accepts it no more
    received_at bigint not null,             -- when the first reply came
    version bigint not null                  -- every write adds one
);
create unique index grants_by_fingerprint on grants (provider, fingerprint);

create table connections (
    id text primary key,
    session bigint not null references sessions (id) on delete cascade,
    provider text not null,
    scopes text not null,                    -- separated by spaces
    grant_id text not null references grants (id),
    replaces text,                           -- the connection whose place and id it takes on arrival
    connected_at bigint not null,
    consent_ends_at bigint,                  -- null: no end (sandbox)
    last_used_at bigint
);
create index connections_by_session on connections (session);
create index connections_by_grant on connections (grant_id);
create index connections_by_replaces on connections (replaces) where replaces is not null;

create table revocations (
    id integer primary key,
    provider text not null,
    fingerprint blob not null,               -- as of grants: who gets these tokens again keeps them
    sealed blob not null,                    -- the tokens the bank has still to forget
    attempts integer not null,
    next_at bigint not null
);
create index revocations_by_time on revocations (next_at);

create table seal_keys (
    id text primary key,                     -- of a key that records may be sealed under
    sample blob not null                     -- sealed under it, to know it again
);
