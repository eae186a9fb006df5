//! Tokens: refused in both forms, and every way in which a refresh can go.

use support::proxy::Cut;
use support::raw::{Refusal, Rest, Step, Trust};

use peers::bench::Lab;

use super::row::{Expect, Row, Seen};

pub fn rows() -> Vec<Row> {
    use Step::{Accept, AwaitConnect, Close, Greet, Live, Open, Text, Upgrade};
    vec![
        Row::new("token refused by a kick after CONNECT", 6, Expect::AsksPerson("tokenRefused"), |lab| {
            refused(lab, Refusal::Kick, Trust::None, Rest::Ok)
        })
        .and(one_refresh),
        Row::new("token refused by CONNECT_ERROR", 6, Expect::AsksPerson("tokenRefused"), |lab| {
            refused(lab, Refusal::Error, Trust::None, Rest::Ok)
        })
        .and(one_refresh),
        Row::new("token refused, refresh helps (rotation)", 6, Expect::GetsAround, |lab| {
            refused(lab, Refusal::Kick, Trust::Refreshed, Rest::Ok)
        })
        .and(rotated),
        Row::new("token refused, refresh says 401", 6, Expect::AsksPerson("tokenRefused"), |lab| {
            refused(lab, Refusal::Error, Trust::None, Rest::Status(401))
        })
        .and(one_refresh),
        Row::new("token refused, refresh says 404", 6, Expect::AsksPerson("tokenRefused"), |lab| {
            refused(lab, Refusal::Error, Trust::None, Rest::Status(404))
        }),
        Row::new("token refused, refresh says 500", 6, Expect::Out(&["serverBusy"]), |lab| {
            refused(lab, Refusal::Error, Trust::None, Rest::Status(500))
        }),
        Row::new("token refused, refresh never answers", 14, Expect::Out(&["unreachable", "timeout"]), |lab| {
            refused(lab, Refusal::Error, Trust::None, Rest::Silence)
        }),
        Row::new("token refused, refresh ends without an answer", 6, Expect::Out(&["unreachable"]), |lab| {
            refused(lab, Refusal::Error, Trust::None, Rest::Fin)
        }),
        Row::new("token refused, refresh is a captive portal", 6, Expect::Out(&["notABookingService"]), |lab| {
            refused(lab, Refusal::Error, Trust::None, Rest::Html)
        }),
        Row::new("HTTP 401 at the upgrade", 6, Expect::AsksPerson("tokenRefused"), |lab| {
            Box::pin(async {
                let steps = vec![Step::Answer(support::raw::response(401, &[], ""))];
                lab.reconnect_into(steps);
            })
        })
        .and(one_refresh),
        Row::new("kick", 4, Expect::Down(&["serverClosed"]), |lab| {
            Box::pin(async {
                lab.raw.order(Text("41".to_owned()));
                lab.raw.order(Close(1000, ""));
            })
        }),
        Row::new("kick from the namespace, transport stays", 4, Expect::Down(&["serverClosed"]), |lab| {
            Box::pin(async { lab.raw.order(Text("41".to_owned())) })
        }),
        Row::new("kick from another namespace", 4, Expect::Stays, |lab| {
            Box::pin(async { lab.raw.order(Text("41/admin,".to_owned())) })
        }),
        Row::new("kick loop: greeted, then kicked, each time", 10, Expect::Down(&["serverClosed"]), |lab| {
            Box::pin(async {
                let kicked = vec![Upgrade, Open, AwaitConnect, Accept, Greet, Text("41".to_owned()), Step::Silence];
                lab.reconnect_into(kicked);
            })
        }),
        Row::new("CONNECT_ERROR with data that is no refusal of the token", 6, Expect::Out(&["serverBusy"]), |lab| {
            Box::pin(async {
                let full = r#"44{"message":"Server is full","data":{"code":"SERVER_FULL","retryInSecs":1}}"#;
                lab.reconnect_into(vec![Upgrade, Open, AwaitConnect, Text(full.to_owned()), Live]);
            })
        }),
    ]
}

fn refused(
    lab: &mut Lab,
    form: Refusal,
    trust: Trust,
    refresh: Rest,
) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    use Step::{Accept, AwaitConnect, Check, Greet, Live, Open, Upgrade};
    Box::pin(async move {
        lab.raw.set(|manner| {
            manner.socket = vec![Upgrade, Open, AwaitConnect, Check(form), Accept, Greet, Live];
            manner.trust = trust;
            manner.refresh = refresh;
        });
        lab.proxy.cut(Cut::Reset);
    })
}

fn one_refresh(lab: &Lab, _: &Seen) -> Result<(), String> {
    match lab.raw.seen().refreshes {
        1 => Ok(()),
        refreshes => Err(format!("{refreshes} refreshes")),
    }
}

/// The token of the last handshake is the new one, and the old refresh token was used once.
fn rotated(lab: &Lab, seen: &Seen) -> Result<(), String> {
    one_refresh(lab, seen)?;
    let server = lab.raw.seen();
    let first = server.last_refresh.as_deref() == Some("refresh-0");
    if first && server.last_token.is_some_and(|token| token != lab.first_token) {
        Ok(())
    } else {
        Err(format!("refreshed with {:?}", server.last_refresh))
    }
}
