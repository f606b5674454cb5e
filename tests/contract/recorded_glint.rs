//! The sandbox's Glint answers as the real one did.

#[tokio::test]
async fn the_sandbox_answers_as_glint_did() {
    let report = tests::replay::glint().await.unwrap();
    println!("Glint: {report}");
    assert!(report.failed.is_empty(), "{report}");
    assert!(report.not_applicable.len() * 50 < report.total(), "{report}");
}
