//! Servers that are not reached: `curl` tries, and what it prints is explained.

use super::{Provoked, bearer, control, curl};
use serde_json::json;
use std::net::TcpListener;
use tests::World;

pub(super) async fn all(to: &mut Provoked) {
    let world = World::start();
    let glint = world.handout().glint_url.clone();
    unreadable(to, &world).await;
    // A port that was free a moment ago, and a listener that never answers.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", silent.local_addr().unwrap());
    for (code, base, more) in [
        ("reach.dns", "http://glint.invalid".to_owned(), None),
        ("reach.refused", format!("http://127.0.0.1:{closed}"), None),
        ("reach.timeout", silent, Some("0.3")),
        ("reach.tls", glint.replace("http://", "https://"), None),
    ] {
        let url = format!("{base}/api/cross-app/me");
        let mut args = vec!["--noproxy", "*", "-H", "Authorization: Bearer x", url.as_str()];
        args.extend(more.iter().flat_map(|most| ["--max-time", *most]));
        let printed = curl(&args);
        let text = format!("$ curl -i '{url}' -H 'Authorization: Bearer x'\n{printed}");
        let args = json!({ "text": text, "format": "curl" });
        let explained = world.call("diagnose_text", args).await.unwrap();
        to.note(code, "proven", &explained["subjects"][0]);
    }
}

/// Glint's answer ends before its body is whole.
async fn unreadable(to: &mut Provoked, world: &World) {
    let cut = json!({ "server": "glint", "path": "/api/cross-app", "kind": "truncated", "bytes": 9 });
    control(world, "POST", "/faults", cut);
    let url = format!("{}/api/cross-app/me", world.handout().glint_url);
    let header = format!("Authorization: {}", bearer(world, "mia_full"));
    let printed = curl(&["--noproxy", "*", "-H", &header, &url]);
    let text = format!("$ curl -i '{url}' -H '{header}'\n{printed}");
    let explained = world.call("diagnose_text", json!({ "text": text, "format": "curl" })).await.unwrap();
    to.note("reach.unreadable", "possible", &explained["subjects"][0]);
}
