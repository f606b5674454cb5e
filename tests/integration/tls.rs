//! Secure channels, made for real: a certificate authority of one's own, and every certificate that must not pass.

use engine::{Engine, Envelope};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use tests::{RawServer, ScriptedHost};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("spectroscope-tls-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn authority(name: &str) -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// What a server shows: its chain and its key.
struct Shown(Vec<Certificate>, KeyPair);

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn signed(params: CertificateParams, by: &Issuer) -> Shown {
    let key = KeyPair::generate().unwrap();
    Shown(vec![params.signed_by(&key, by).unwrap()], key)
}

fn self_signed(params: CertificateParams) -> Shown {
    let key = KeyPair::generate().unwrap();
    Shown(vec![params.self_signed(&key).unwrap()], key)
}

/// A Glint and Prism in one behind the certificate; its address.
async fn serve(shown: Shown) -> String {
    // Fails only when a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let chain = shown.0.iter().map(|certificate| certificate.der().clone()).collect();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(shown.1.serialize_der()));
    let config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    let body = json!({ "baseUrl": base, "clientId": "prism_x", "redirectUri": "https://x.example/cb", "issuer": base });
    let answer = RawServer::json("200 OK", "", &body.to_string());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A refused certificate ends the handshake, which is what most cases here are about.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = vec![0; 8192];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    base
}

async fn ask(engine: &Engine, operation: &str, args: Value) -> Result<Value, Problem> {
    let envelope = Envelope { operation: operation.into(), args, lang: Lang::En, job: None };
    engine.handle(envelope, &|_| {}).await
}

async fn discover(address: &str, ca_file: Option<&PathBuf>) -> Result<Value, Problem> {
    let engine = Engine::new(Arc::new(ScriptedHost::new(None)));
    let args = json!({ "address": address, "transport": { "ca_file": ca_file } });
    ask(&engine, "discover_connection", args).await
}

#[tokio::test]
async fn only_a_valid_certificate_of_a_trusted_authority_passes() {
    let dir = scratch("certificates");
    let (ours, other) = (authority("Ours"), authority("Other"));
    let (file, bundle) = (dir.join("ours.pem"), dir.join("bundle.pem"));
    std::fs::write(&file, ours.pem()).unwrap();
    std::fs::write(&bundle, format!("# two of them\n{}{}", other.pem(), ours.pem())).unwrap();
    for (trusted, shown) in
        [(&file, signed(params("127.0.0.1"), &ours)), (&bundle, signed(params("127.0.0.1"), &ours))]
    {
        let base = serve(shown).await;
        let found = discover(&base, Some(trusted)).await.unwrap();
        assert_eq!(found["glint_url"], base);
        assert_eq!(found["prism_url"], base, "Prism is reached in the same way");
    }

    let mut expired = params("127.0.0.1");
    expired.not_before = date_time_ymd(2020, 1, 1);
    expired.not_after = date_time_ymd(2021, 1, 1);
    let mut early = params("127.0.0.1");
    early.not_before = date_time_ymd(2090, 1, 1);
    let mut for_clients = params("127.0.0.1");
    for_clients.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let mut nameless = params("127.0.0.1");
    nameless.subject_alt_names.clear();
    let no_authority =
        CertifiedIssuer::signed_by(params("in.between"), KeyPair::generate().unwrap(), &ours).unwrap();
    let mut through_it = signed(params("127.0.0.1"), &no_authority);
    through_it.0.push(Certificate::clone(no_authority.as_ref()));
    let mut refused = 0;
    for (what, shown, trusted) in [
        ("an authority nobody trusts", signed(params("127.0.0.1"), &ours), None),
        ("another authority", signed(params("127.0.0.1"), &other), Some(&file)),
        ("expired", signed(expired, &ours), Some(&file)),
        ("not valid yet", signed(early, &ours), Some(&file)),
        ("another host", signed(params("other.example"), &ours), Some(&file)),
        ("another address", signed(params("127.0.0.2"), &ours), Some(&file)),
        ("no name but the common one", signed(nameless, &ours), Some(&file)),
        ("self-signed", self_signed(params("127.0.0.1")), None),
        ("self-signed beside a trusted authority", self_signed(params("127.0.0.1")), Some(&file)),
        ("made for clients", signed(for_clients, &ours), Some(&file)),
        ("signed by what is no authority", through_it, Some(&file)),
    ] {
        let problem = discover(&serve(shown).await, trusted).await.unwrap_err();
        assert_eq!(problem.code, "reach.tls", "{what}: {}", problem.message);
        assert_eq!(problem.hints.len(), 2, "{what}");
        let exchange = serde_json::to_value(problem.exchange).unwrap();
        assert_eq!(exchange["failure"], "tls", "{what}");
        refused += 1;
    }
    println!("count: T4: {refused} certificates refused, 2 accepted");
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn a_server_without_a_secure_channel_is_not_spoken_to_in_the_clear() {
    let plain = RawServer::start(|_| RawServer::json("200 OK", "", "{}")).await;
    let problem = discover(&plain.base.replace("http:", "https:"), None).await.unwrap_err();
    assert_eq!(problem.code, "reach.tls");
    assert!(plain.heard().iter().all(|heard| !heard.contains("HTTP/1.1")), "{:?}", plain.heard());
}

#[tokio::test]
async fn a_certificate_file_is_read_again_when_it_was_changed() {
    let dir = scratch("changed");
    let (old, new) = (authority("Old"), authority("New"));
    let file = dir.join("ca.pem");
    std::fs::write(&file, old.pem()).unwrap();
    let base = serve(signed(params("127.0.0.1"), &new)).await;
    let engine = Engine::new(Arc::new(ScriptedHost::new(None)));
    let args = json!({
        "name": "Own authority", "environment": "staging", "prism_url": base, "transport": { "ca_file": file },
    });
    let reply = ask(&engine, "add_connection", args).await.unwrap();
    let id = reply["connections"][0]["id"].clone();
    let mut codes = Vec::new();
    for content in
        [None, Some(new.pem()), Some("nothing".to_owned()), Some(String::new()), Some(new.pem() + "\n")]
    {
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let check = ask(&engine, "check_connection", json!({ "connection": id })).await.unwrap();
        let problem = check["problems"].as_array().unwrap().iter().find(|p| p["severity"] == "refused");
        codes.push(problem.map_or("reached".to_owned(), |p| p["code"].as_str().unwrap().to_owned()));
        assert_eq!(check["prism_ms"].is_number(), problem.is_none());
    }
    std::fs::remove_file(&file).unwrap();
    let check = ask(&engine, "check_connection", json!({ "connection": id })).await.unwrap();
    codes.push(check["problems"][0]["code"].as_str().unwrap().to_owned());
    let gone = "transport.ca_file";
    assert_eq!(codes, ["reach.tls", "reached", gone, gone, "reached", gone]);
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn a_call_that_was_not_sent_for_want_of_our_own_file_blames_no_server() {
    let dir = scratch("gone");
    let own = authority("Own");
    let file = dir.join("ca.pem");
    std::fs::write(&file, own.pem()).unwrap();
    let base = serve(signed(params("127.0.0.1"), &own)).await;
    let engine = Engine::new(Arc::new(ScriptedHost::new(None)));
    let args = json!({
        "name": "Own authority", "environment": "staging", "prism_url": base, "glint_url": base,
        "transport": { "ca_file": file },
    });
    let reply = ask(&engine, "add_connection", args).await.unwrap();
    let call =
        json!({ "connection": reply["connections"][0]["id"], "identity": "", "route": "me", "values": {} });
    assert!(ask(&engine, "test_call", call.clone()).await.is_ok(), "the server answers");
    std::fs::remove_file(&file).unwrap();
    let problem = ask(&engine, "test_call", call).await.unwrap_err();
    assert_eq!(problem.code, "transport.ca_file", "{}", problem.message);
    std::fs::remove_dir_all(dir).unwrap();
}
