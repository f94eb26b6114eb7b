//! Behaviour through the front door: real HTTP, real mutual TLS, a bank that shares no code with us.
//!
//! Each test starts its own world (`demo::World`) and names the requirement it proves.
//!
//! The tables say which test proves what the broker makes of each misbehaviour of a bank. A refused callback
//! is 400: `refused` where a check failed, `authorization_expired` where there is nothing (any more) to finish.
//!
//! | misbehaviour (D.4) | test |
//! |---|---|
//! | `state=drop / alter` | `hostile_callback::state_dropped_or_altered` |
//! | `state=replay` | `hostile_callback::state_replayed` |
//! | `state=other_browser` | `hostile_callback::state_of_another_browser` |
//! | `state=other_provider` | `hostile_callback::state_of_another_provider` |
//! | `iss=wrong / missing / trailing_slash` | `hostile_callback::iss_wrong_missing_or_with_a_slash` |
//! | `iss=dup` | `hostile_callback::parameters_doubled_by_the_bank` |
//! | `pkce=ignored`: the probe | `probe::an_ignored_verifier_is_found_out` |
//! | `pkce=ignored`: the flow | `hostile_callback::pkce_ignored` |
//! | `pkce=honoured / enforced`: the probe | `probe::an_enforced_verifier_is_found_out` |
//! | `code=expired` | `hostile_callback::code_expired` |
//! | `code=reused` | `hostile_callback::code_reused` |
//! | `code=other_client` | `hostile_callback::code_of_another_client` |
//! | `token=302 / 307`: nobody goes there | `token_replies::a_redirect_is_not_followed` |
//! | `token=302 / 307 / 500 / 503+Retry-After / timeout / drop_after_commit / 1 byte/s / 1 GB / html / array / dup_key / bad_utf8`, for a code | `hostile_token::exchange` |
//! | the same for a refresh | `hostile_token::refresh` |
//! | `token_type=bEARER` | `token_replies::bearer_is_read_in_any_case` |
//! | `token_type=mac / absent` | `token_replies::a_reply_of_another_type_is_refused_and_revoked` |
//! | `expires_in=absent / "60" / -1 / 1e300 / null` | `token_replies::absurd_lives_are_read_with_care` |
//! | `scope=narrower` | `token_replies::a_narrower_scope_is_recorded` |
//! | `scope=wider` | `token_replies::a_scope_nobody_asked_for_is_refused_and_revoked` |
//! | `scope=narrower / wider` on refresh | `hostile_refresh::a_refresh_widens_no_consent` |
//! | `refresh=rotate / keep / rotate+reuse_detect / rotate+grace30s` | `refresh::refresh_tokens_may_stay_or_rotate` |
//! | `refresh=rotate+grace30s` and a lost reply | `hostile_refresh::a_lost_reply_costs_nothing_within_the_grace` |
//! | `refresh_delay` x 50 callers x 3 nodes | `hostile_cluster::of_fifty_callers_of_three_brokers_one_refreshes` |
//! | the same, waiters at their limit | `hostile_cluster::waiters_at_their_limit_come_again` |
//! | `refresh=drop_after_commit`, then `invalid_grant` | `hostile_refresh::a_lost_rotation_is_told_as_what_it_is` |
//! | `refresh=invalid_client` | `hostile_trust::a_refused_client_is_the_operators_alarm` |
//! | the same for an hour, three brokers | `breaker::an_hour_of_a_refused_client` |
//! | a storm of 503, with `Retry-After` and without | `breaker::a_storm_of_503_meets_few_calls` |
//! | `refresh=rotate+reuse_detect`, a token in other hands | `hostile_refresh::a_grant_that_dies_after_success_is_a_security_event` |
//! | `id_token=bad` on refresh | `hostile_refresh::a_bad_id_token_costs_no_refresh_token` |
//! | `kill -9` before the lease | `hostile_crash::killed_before_the_lease` |
//! | `kill -9` after the lease | `hostile_crash::killed_with_the_lease` |
//! | `kill -9` after the intent | `hostile_crash::killed_with_the_intent_written` |
//! | `kill -9` sent, no reply | `hostile_crash::killed_while_the_bank_is_silent` |
//! | `kill -9` reply not stored, bank keeps the token | `hostile_crash::killed_with_the_reply_in_memory` |
//! | `kill -9` reply not stored, bank rotates | `hostile_crash::killed_with_the_only_copy_of_the_token_in_memory` |
//! | `kill -9` reply stored, not validated | `hostile_crash::killed_with_the_reply_stored` |
//! | `kill -9` after validation | `hostile_crash::killed_with_the_reply_judged` |
//! | `kill -9` in a callback, the reply in memory | `hostile_kills::in_a_callback_with_the_reply_in_memory` |
//! | the same, the reply stored | `hostile_kills::in_a_callback_with_the_reply_kept` |
//! | the same, the connection written | `hostile_kills::in_a_callback_with_the_connection_written` |
//! | `kill -9` in a disconnect, the bank not asked | `hostile_kills::in_a_disconnect_with_the_end_written` |
//! | the same, its answer in memory | `hostile_kills::in_a_disconnect_with_the_answer_in_memory` |
//! | `revoke=503 / timeout` | `disconnect::a_bank_in_trouble_is_asked_again` |
//! | `revoke=timeout` after the bank has revoked | `disconnect::a_lost_answer_to_a_revocation_is_asked_for_again` |
//! | `revoke=200_unknown` | `disconnect::a_bank_that_knows_no_such_token_has_forgotten_it` |
//! | `consent=revoked_at_bank` | `hostile_resource::a_consent_withdrawn_at_the_bank_makes_no_storm` |
//! | `sca_age=179d / 180d` | `connect::a_consent_lasts_180_days` |
//! | `unattended=5th`: refused locally | `unattended::the_fifth_access_of_an_account_is_refused_here` |
//! | the same, two brokers racing for the fourth | `unattended::two_brokers_race_for_the_fourth` |
//! | the same, after a crash or a restart | `unattended::what_is_counted_stays_counted` |
//! | the same, with a wrong local count | `unattended::a_bank_that_counts_otherwise_is_heard` |
//! | `unattended=5th`: the bank's refusal | `hostile_resource::a_daily_limit_is_told_and_not_tried_again` |
//! | `cert=wrong_role` | `hostile_certificates::a_certificate_for_payments_opens_no_accounts` |
//! | `cert=expired` | `hostile_certificates::an_expired_certificate_is_told_by_name` |
//! | `cert=swapped` | `hostile_certificates::a_swapped_certificate_is_told_by_name` |
//! | the same under load, without a restart | `reload::a_swap_under_load_costs_no_call` |
//! | the same by the clock, where several are laid out | `certificates_overlap::a_new_certificate_takes_over_by_the_clock` |
//! | the same, files that are no good | `reload::bad_files_are_refused_and_the_old_ones_stay` |
//! | the same, every bad certificate of ours | `hostile_certificates::every_bad_certificate_has_its_name` |
//! | the same, every bad certificate of the bank's | `hostile_certificates::every_bad_certificate_of_the_bank_has_its_name` |
//! | `cert=ca_rotated` | `hostile_certificates::a_new_authority_of_the_bank_is_told_by_name` |
//! | the same, without a restart | `reload::a_new_authority_of_the_bank_is_taken` |
//! | `resource=401 invalid_token` | `hostile_resource::r401_invalid_token_renews_once` |
//! | `resource=403 scope` | `hostile_resource::r403_scope_does_not_renew` |
//! | `resource=429` | `hostile_resource::r429_tells_the_pause` |
//! | `resource=html` | `hostile_resource::html_never_reaches_the_page` |
//! | `resource=set-cookie / location evil` | `hostile_resource::headers_of_the_bank_stay_there` |
//! | `resource=next evil` | `hostile_resource::next_pages_are_numbers_of_ours` |
//! | `clock=±300s` | `hostile_trust::clocks_five_minutes_apart_are_no_trouble` |
//!
//! | attacks that the OIDF suite has no module for (D.3) | test |
//! |---|---|
//! | replay of a callback in another browser | `hostile_callback::state_of_another_browser` |
//! | `state` reuse | `hostile_callback::state_replayed` |
//! | verifier reuse | `hostile_callback::verifier_reused` |
//! | code injection between two sessions | `hostile_callback::code_of_another_session` |
//! | mix-up with two live servers | `hostile_callback::mix_up_of_two_live_banks` |
//! | a server that ignores PKCE | `hostile_callback::pkce_ignored` |
//! | the same, found out | `probe::an_ignored_verifier_is_found_out` |
//! | code reuse, found out | `probe::other_banks_are_told_apart` |
//! | the same, kept, shown and declared | `probe_kept::a_probed_weakness_beats_a_written_strength` |
//! | a code that had ended, taken for a refused one | `probe_proof::a_code_that_ended_by_itself_proves_nothing` |
//! | redirect URIs that are not exact, found out | `probe_logins::redirect_uris_that_are_not_exact_are_found_out` |
//! | revocation that leaves the grant, found out | `probe_logins::web_flow_1_5_lets_the_grant_live` |
//! | revocation that ends nothing, found out | `probe_logins::every_kind_of_revocation_is_told` |
//! | duplicate parameters | `hostile_callback::parameters_doubled_by_the_bank` |
//! | the same, as a page could send them | `refusals::doubled_parameters_are_refused` |
//! | redirects from the token endpoint | `token_replies::a_redirect_is_not_followed` |
//! | slow, huge, truncated, non-JSON, duplicate-key replies | `hostile_token::exchange` |
//! | concurrent refresh | `refresh::of_fifty_callers_one_refreshes` |
//! | rotated token lost after commit | `hostile_refresh::a_lost_rotation_is_told_as_what_it_is` |
//! | `invalid_client` during rollover | `hostile_trust::a_client_refused_at_a_connect_is_the_same_alarm` |
//! | the same, the rollover our own | `secret_renewal::a_renewal_under_load_costs_no_call` |
//! | scope widening | `token_replies::a_scope_nobody_asked_for_is_refused_and_revoked` |
//! | revocation failure | `disconnect::a_bank_in_trouble_is_asked_again` |
//! | consent revoked between two calls | `hostile_resource::a_consent_withdrawn_at_a_bank_that_says_403_ends_with_the_token` |
//! | 4 a day exceeded | `unattended::a_bank_that_counts_otherwise_is_heard` |
//! | clock skew of five minutes | `hostile_trust::clocks_five_minutes_apart_are_no_trouble` |
//! | certificate expiring mid-session | `hostile_certificates::a_certificate_expires_under_a_running_broker` |
//! | reset mid-body | `hostile_resource::a_body_that_breaks_off_never_looks_whole` |
//! | pagination to a foreign host | `hostile_resource::next_pages_are_numbers_of_ours` |
//! | header injection from bank to browser | `hostile_resource::headers_of_the_bank_stay_there` |
//!
//! | OIDF modules that apply to plain OAuth (D.2) | test |
//! |---|---|
//! | happy-path | `connect::a_person_connects_and_reads` |
//! | invalid-authorization-response-iss, remove-authorization-response-iss | `hostile_callback::iss_wrong_missing_or_with_a_slash` |
//! | authorization-response-with-invalid-state, -missing-state | `hostile_callback::state_dropped_or_altered` |
//! | token-endpoint-response-without-expires_in | `token_replies::absurd_lives_are_read_with_care` |
//! | token-type-case-insensitivity | `token_replies::bearer_is_read_in_any_case` |
//! | client-refresh-token-test | `hostile_refresh::a_second_renewal_uses_the_token_of_the_first` |
//! | invalid-openbanking-intent-id (here: another scope than asked) | `token_replies::a_scope_nobody_asked_for_is_refused_and_revoked` |
//! | what the suite checks silently on every request | `connect::the_bank_sees_exactly_the_standard` |
//! | the same for calls of the API | `proxy_headers::the_bank_gets_exactly_our_headers` |

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helper stops the test as the test itself would"
)]

mod acts;
mod admin;
mod ahead;
mod answers;
mod app;
mod app_hostile;
mod app_life;
mod app_rules;
mod bodies;
mod breaker;
mod cert;
mod cert_import;
mod certificates;
mod certificates_listed;
mod certificates_overlap;
mod check;
mod cli;
mod common;
mod config;
mod config_store;
mod connect;
mod dangers;
mod database;
mod disconnect;
mod doctor;
mod doomed;
mod door;
mod forgery;
mod freeze;
mod full_disk;
mod hostile_callback;
mod hostile_certificates;
mod hostile_cluster;
mod hostile_crash;
mod hostile_kills;
mod hostile_refresh;
mod hostile_resource;
mod hostile_token;
mod hostile_trust;
mod idempotency;
mod incidents;
mod init;
mod interleave;
mod isolation;
mod keys;
mod load;
mod logs;
mod manual;
mod million;
mod not_pem;
mod openapi;
mod orders;
mod own_tls;
mod payer;
mod place;
mod plans;
mod probe;
mod probe_kept;
mod probe_logins;
mod probe_proof;
mod probing;
mod providers;
mod proxy_headers;
mod proxy_paths;
mod proxy_replies;
mod receipts;
mod refresh;
mod refusals;
mod reload;
mod reports;
mod rounds;
mod sandbox;
mod secret_renewal;
mod sessions;
mod statements;
mod store;
mod subjects;
mod sweep;
mod token_replies;
mod types;
mod unattended;
mod versions;
mod words;

/// The tables above name tests that exist.
#[test]
fn every_row_has_its_test() {
    let rows = include_str!("main.rs").lines().filter(|line| line.starts_with("//! | "));
    let mut named = 0;
    for row in rows.filter(|row| row.contains("::")) {
        let test = row.trim_end_matches("` |").rsplit('`').next().unwrap();
        let (module, name) = test.split_once("::").unwrap();
        let file = format!("{}/it/{module}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&file).expect(&file);
        assert!(source.contains(&format!("\nasync fn {name}()")), "{row}");
        named += 1;
    }
    assert!(named > 70, "the tables were read");
}
