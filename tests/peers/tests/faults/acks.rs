//! Acknowledgements, and what is asked for while nobody listens. Ours asks for rooms; that is all it ever emits.

use std::time::Duration;

use peers::Order;
use peers::bench::Lab;
use support::proxy::{Cut, Door};
use support::raw::Acks;

use super::row::{Expect, Row, Seen};

pub fn rows() -> Vec<Row> {
    vec![
        Row::new("acknowledgement never given", 13, Expect::Stays, |lab| Box::pin(asked(lab, Acks::Never, 1)))
            .and(|_, seen| answered(seen, 0))
            .telling(told),
        Row::new("acknowledgement given twice", 4, Expect::Stays, |lab| Box::pin(asked(lab, Acks::Twice, 1)))
            .and(|_, seen| answered(seen, 1))
            .telling(told),
        Row::new("300 acknowledgements outstanding, then given", 6, Expect::Stays, |lab| Box::pin(three_hundred(lab)))
            .and(|_, seen| answered(seen, 300))
            .telling(told),
        Row::new("emit while offline", 6, Expect::Out(&["connectionLost"]), |lab| Box::pin(offline(lab)))
            .finally(|lab, _| if asked_for(lab) == 1 { Ok(()) } else { Err(format!("asked {} times", asked_for(lab))) })
            .telling(|lab, _| format!("sent {} times in the end", asked_for(lab))),
    ]
}

async fn asked(lab: &mut Lab, acks: Acks, rooms: u32) {
    lab.raw.set(|manner| manner.acks = acks);
    for room in 0..rooms {
        lab.peer.order(&Order::Subscribe(format!("room-{room}"))).await;
    }
}

/// Asked one by one; the server answers none before it has seen them all.
async fn three_hundred(lab: &mut Lab) {
    asked(lab, Acks::Held, 300).await;
    // Each of our rooms is a saved setting, on disk before the next; and an answer counts for 10 s.
    let limit = Duration::from_secs(9);
    let names = |texts: &[String]| {
        texts.iter().filter(|text| text.contains("room-")).map(|text| text.matches("room-").count()).sum::<usize>()
    };
    // A peer that does not get them out leaves the server waiting; its cell says what came.
    let _ = tokio::time::timeout(limit, lab.raw.until("300 rooms", |seen| names(&seen.texts) >= 300)).await;
    lab.raw.order(support::raw::Step::ReleaseAcks);
    // One that does not get them all says so in its cell.
    let _ = lab.peer.within(Duration::from_secs(3), |heard| heard.answered >= 300).await;
}

async fn offline(lab: &mut Lab) {
    lab.proxy.set_door(Door::Reset);
    lab.proxy.cut(Cut::Reset);
    let limit = Duration::from_secs(2);
    // A client that does not notice emits into the void; its cell says so.
    let _ = lab.peer.within(limit, |heard| !heard.is_online()).await;
    lab.peer.order(&Order::Subscribe("room-0".to_owned())).await;
}

fn answered(seen: &Seen, count: u64) -> Result<(), String> {
    if seen.heard.answered == count { Ok(()) } else { Err(format!("{} answers", seen.heard.answered)) }
}

/// How often the server was asked for the first room.
fn asked_for(lab: &Lab) -> usize {
    lab.raw.seen().texts.iter().filter(|text| text.contains("\"room-0\"")).count()
}

fn told(lab: &Lab, _: &Seen) -> String {
    let heard = lab.peer.heard();
    format!("{} answered, {} given up", heard.answered, heard.failed)
}
