//! The rows of a seeded store: most sessions live, most access tokens are long over, some grants have ended, some
//! connections are about to arrive, and nothing is due to the sweep.

/// What one statement fills, for one in how many connections, and the statement; `{…}` stands for [`FILE`] or
/// [`SERVER`], `n` counts.
pub(super) const STATEMENTS: [(&str, u64, &str); 10] = [
    (
        "sessions",
        1,
        "insert into sessions (id, cookie_hash, earlier_hash, earlier_ends_at, created_at, ends_at) {numbered} \
         select {base} + i, {hash}, case when i % 50 = 0 then {hash} end, \
         case when i % 50 = 0 then {now} - 100000 end, {now} - i * 7919 % 60000000, \
         {now} + 86400 + i * 6151 % 15000000 from n",
    ),
    (
        "grants",
        1,
        "insert into grants (id, provider, fingerprint, kek, data_key, sealed, sealed_version, access_ends_at, refresh_at, refreshed_at, \
         refreshable, ended, received_at, version) \
         select {uuid}, 'cnb', {hash}, {kek}, {key}, {tokens}, 3, {now} - i * 97 % 9000000 - 60, {now} - i * 97 % 9000000 - 120, \
         {now} - i * 97 % 9000000 - 420, 1, case when i % 20 = 0 then 1 else 0 end, \
         {now} - i * 7919 % 60000000 - 10000, 3 from n",
    ),
    (
        // every twentieth browser has two
        "connections",
        1,
        "insert into connections (id, session, provider, scopes, grant_id, connected_at, consent_ends_at, \
         last_used_at) \
         select {uuid}, {base} + i - case when i % 20 = 19 then 1 else 0 end, 'cnb', \
         case when i % 10 = 0 then 'pisp' else 'aisp' end, {uuid}, {now} - i * 7919 % 14000000, \
         {now} - i * 7919 % 14000000 + 15552000, {now} - i * 31 % 900000 from n",
    ),
    (
        // the cookie is on its way
        "arrivals",
        1000,
        "insert into sessions (id, cookie_hash, follows, handed_out_at, handed_out_to, created_at, ends_at) \
         {numbered} select 2 * {base} + i, {hash}, {base} + i, {now}, {base} + i, {now}, {now} + 604800 from n",
    ),
    (
        "arriving connections",
        1000,
        "insert into connections (id, session, provider, scopes, grant_id, replaces, connected_at, \
         consent_ends_at) \
         select 'arriving-' || i, 2 * {base} + i, 'cnb', 'aisp', {uuid}, {uuid}, {now}, {now} + 15552000 from n",
    ),
    (
        "authorizations",
        100,
        "insert into authorizations (state_hash, session, provider, scopes, redirect_uri, code_challenge, stage, \
         ends_at) \
         select {hash}, {base} + i, 'cnb', 'aisp', 'https://app.example/callback', \
         'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', i % 2, {now} + 86400 from n",
    ),
    (
        "orders",
        4,
        "insert into orders (connection, key, path, request, attempt, begun_at, lost_at, state, kek, data_key, \
         sealed) \
         select {uuid}, 'seeded-order-' || i, '/my/payments', {hash}, {uuid}, {now} - i * 31 % 500000, \
         {now} - i * 31 % 500000 + 200, case when i % 9 = 0 then 2 else 1 end, {kek}, {key}, {answer} from n",
    ),
    (
        "unattended reads",
        2,
        "insert into unattended_reads (provider, account, access, target, at) \
         select 'cnb', {hash}, {uuid}, {hash}, {now} - i * 31 % 80000 from n",
    ),
    (
        "revocations",
        100,
        "insert into revocations (provider, fingerprint, sealed, attempts, next_at, kek, data_key, receipt) \
         select 'cnb', {hash}, {tokens}, 5, {now} + 20000 + i, {kek}, {key}, {uuid} from n",
    ),
    (
        // of every hundredth the bank has still to say something
        "receipts",
        1,
        "insert into receipts (id, connection, session, provider, scopes, subject, grant_id, connected_at, \
         disconnected_at, cause, outcome) \
         select {uuid}, {uuid}, {base} + i, case when i % 9 = 0 then 'other' else 'cnb' end, 'aisp', \
         case when i % 2 = 0 then 'user-' || i end, {uuid}, {now} - i * 97 % 9000000 - 60000, \
         {now} - i * 97 % 9000000, 'disconnected', 0 from n",
    ),
];

/// The key that the broker of the store seals with.
const KEK: (&str, &str) = ("{kek}", "(select id from seal_keys order by number desc limit 1)");

/// In the words of SQLite. Numbers become ids that lie apart, as random ones do.
pub(super) const FILE: [(&str, &str); 7] = [
    KEK,
    ("{numbered}", ""),
    ("{uuid}", "printf('%08x-0000-4000-8000-%012x', (i * 2654435761) % 4294967296, i)"),
    ("{hash}", "randomblob(32)"),
    ("{key}", "randomblob(64)"),
    ("{tokens}", "randomblob(208)"),
    ("{answer}", "randomblob(608)"),
];

/// In those of PostgreSQL.
pub(super) const SERVER: [(&str, &str); 7] = [
    KEK,
    ("{numbered}", "overriding system value"),
    (
        "{uuid}",
        "lpad(to_hex((i * 2654435761) % 4294967296), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(i), 12, '0')",
    ),
    ("{hash}", "decode(md5(random()::text) || md5(random()::text), 'hex')"),
    ("{key}", "decode(repeat(md5(random()::text), 4), 'hex')"),
    ("{tokens}", "decode(repeat(md5(random()::text), 13), 'hex')"),
    ("{answer}", "decode(repeat(md5(random()::text), 38), 'hex')"),
];
