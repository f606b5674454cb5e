//! Signing in and consenting as a browser does it.

use crate::world::World;
use reqwest::header;

const QUERY: &str = "response_type=code&client_id=prism_wl26DFRxxToGcOuw00SsQA\
    &redirect_uri=http%3A%2F%2F127.0.0.1%3A8899%2Fcallback&scope=openid%20profile&state=a%20b\
    &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

async fn location(request: reqwest::RequestBuilder) -> (u16, String, Option<String>) {
    let answer = request.send().await.expect("an answer");
    let text = |name| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    (answer.status().as_u16(), text(header::LOCATION).unwrap_or_default(), text(header::SET_COOKIE))
}

#[tokio::test]
async fn a_browser_signs_in_and_approves_or_denies() {
    let world = World::new();
    let (status, page, _) = location(world.prism(&format!("GET /api/oauth/authorize?{QUERY}"))).await;
    assert_eq!((status, page.as_str()), (302, format!("/oauth/authorize?{QUERY}").as_str()));
    let text = world.prism(&format!("GET {page}")).send().await.expect("a page").text().await.expect("text");
    assert!(text.contains("name=password") && text.contains("Mia Marlow"), "{text}");
    let form = [("identifier", "mia"), ("password", "mia-tea-party")];
    let (status, back, cookie) = location(world.prism(&format!("POST /login?{QUERY}")).form(&form)).await;
    assert_eq!((status, &back), (303, &page));
    let cookie = cookie.expect("a session").split(';').next().expect("a pair").to_owned();
    let request = world.prism(&format!("GET {page}")).header(header::COOKIE, &cookie);
    let consent = request.send().await.expect("a page").text().await.expect("text");
    assert!(consent.contains("Tea Board") && consent.contains("value=approve"), "{consent}");
    for (action, expected) in [("approve", "?code="), ("deny", "?error=access_denied")] {
        let request = world.prism(&format!("POST {page}")).header(header::COOKIE, &cookie);
        let (status, target, _) = location(request.form(&[("action", action)])).await;
        assert_eq!(status, 303);
        assert!(target.starts_with(&format!("http://127.0.0.1:8899/callback{expected}")), "{target}");
        assert!(target.ends_with("state=a+b"), "{target}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_request_stay_on_the_page() {
    let world = World::new();
    let form = [("identifier", "mia"), ("password", "nope")];
    let request = world.prism(&format!("POST /login?{QUERY}")).header(header::ACCEPT_LANGUAGE, "zh-CN,zh");
    let answer = request.form(&form).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.expect("text").contains("用户名或密码不正确。"));
    let form = [("identifier", "mia"), ("password", "mia-tea-party")];
    let (_, _, cookie) = location(world.prism("POST /login?x=1").form(&form)).await;
    let request = world.prism("GET /oauth/authorize?client_id=%22%3E%3Cscript%3E&redirect_uri=x");
    let answer = request.header(header::COOKIE, cookie.expect("a session")).send().await.expect("an answer");
    assert_eq!(answer.status(), 400);
    let text = answer.text().await.expect("text");
    assert!(text.contains("invalid_client") && !text.contains("<script>"), "{text}");
}

#[tokio::test]
async fn everything_outside_the_interface_is_the_web_page() {
    let world = World::new();
    let answer = world.prism("GET /not/a/page").send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
}

#[tokio::test]
async fn a_scope_about_one_team_asks_which_and_binds_the_answer() {
    let world = World::new();
    let board = "1f34a60103242da217ee5af12e6e2c72";
    let wanted = serde_json::json!({ "allowed_scopes": ["openid", "team:read"] }).to_string();
    let request = world.prism(&format!("PATCH /api/apps/{board}")).bearer_auth(world.secret("bob_pat"));
    assert_eq!(request.body(wanted).send().await.expect("an answer").status(), 200);
    let form = [("identifier", "adam"), ("password", "adam-tea-party")];
    let (_, _, cookie) = location(world.prism("POST /login?x=1").form(&form)).await;
    let cookie = cookie.expect("a session").split(';').next().expect("a pair").to_owned();
    let page = format!("/oauth/authorize?{}", QUERY.replace("profile", "team:read"));
    let request = world.prism(&format!("GET {page}")).header(header::COOKIE, &cookie);
    let text = request.send().await.expect("a page").text().await.expect("text");
    assert!(text.contains("<option value=\"22d71a4a3697a1d674be910d93c3cae1\">Tea Party"), "{text}");
    let answer = [("action", "approve"), ("team_id", "22d71a4a3697a1d674be910d93c3cae1")];
    let request = world.prism(&format!("POST {page}")).header(header::COOKIE, &cookie);
    let (status, target, _) = location(request.form(&answer)).await;
    assert!(status == 303 && target.contains("?code="), "{status} {target}");
}
