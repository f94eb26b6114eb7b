//! What the broker does when nobody asks, in a store that is full: what has ended goes, however much it is, and
//! what lives stays.

use demo::seed;

use crate::common::{accounts, connected, stepped};
use crate::database::{Database, until_rows};

/// More than one step of everything that can end.
const MANY: u64 = 4000;

/// T25: after a long stop there is a lot to forget. It goes in steps, to the last row, and nothing else does.
#[tokio::test]
async fn what_has_ended_goes_and_the_rest_stays() {
    let mut world = stepped().await;
    let (browser, id) = connected(&world).await;
    world.stop_broker().await;
    let known = seed::fill(&world.folder, MANY, world.now(), &|_| ()).await.unwrap();
    let mut database = Database::of(&world).await;
    let grants = database.rows("grants").await;
    let mut left = Vec::new();
    for (table, ended) in [
        ("orders", "begun_at = 1 where key like '%7'"),
        ("unattended_reads", "at = 1 where id % 2 = 0"),
        ("authorizations", "ends_at = 1 where ends_at % 2 = 0"),
    ] {
        let ended = database.execute(&format!("update {table} set {ended}")).await;
        left.push((table, database.rows(table).await - i64::try_from(ended).unwrap()));
    }
    // sessions that hold nothing, for they never got a connection
    let visitors = "insert into sessions (created_at, ends_at) select 1, 1 from connections";
    left.push(("sessions", database.rows("sessions").await));
    assert!(database.execute(visitors).await > MANY);
    // as a broker leaves it that died before it made the connection
    let died = "insert into grants (id, provider, refreshable, received_at, loose_since, version) \
                select 'died-' || id, 'cnb', 0, 1, 1, 1 from orders where key like '%00'";
    assert!(database.execute(died).await > 5);
    left.push(("grants", grants));
    world.start_broker().await.unwrap();
    for (table, rows) in left {
        until_rows(&world, table, rows).await;
    }
    assert_eq!(accounts(&browser, &id).await.status, 200);
    for seeded in &known {
        let browser = world.browser();
        seeded.enter(&browser);
        let answer = browser.get(&format!("/connections/{}", seeded.connection)).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}
