//! The sandbox answers as the real servers did: every recorded exchange, played again in order.

use tests::replay::{self, Ground};

#[tokio::test]
async fn the_sandbox_answers_as_the_real_servers_did() {
    let (prism, glint) = tokio::join!(replay::prism(&Ground::Sandbox), replay::glint(&Ground::Sandbox));
    let (prism, glint) = (prism.unwrap(), glint.unwrap());
    println!("count: Prism: {prism}\nGlint: {glint}");
    println!(
        "count: matched {} of {} recorded exchanges",
        prism.matched + glint.matched,
        prism.total() + glint.total()
    );
    for report in [prism, glint] {
        assert!(report.failed.is_empty(), "{report}");
        assert!(report.not_applicable.len() * 50 < report.total(), "{report}");
    }
}

#[tokio::test]
async fn the_sandbox_answers_the_further_recordings_value_by_value() {
    let report = replay::further().await.unwrap();
    println!("{report}");
    assert_eq!(report.total(), 504);
    assert!(report.matched >= 502, "{report}");
}
