//! The file of certificate authorities a connection may name.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Largest file that is read; the system's own bundles have a quarter of it.
const MOST_BYTES: u64 = 1024 * 1024;

/// Why a file cannot be used.
#[derive(Debug)]
pub(super) enum CaFault {
    /// The system's words.
    Unreadable(io::Error),
    /// Larger than any bundle.
    TooLarge,
    /// There is no certificate in it.
    Empty,
    /// A certificate in it cannot be read; the parser's words.
    Broken(String),
}

/// The certificates of a PEM file, each of them usable.
///
/// # Errors
/// When the file cannot be read, holds no certificate, or one that cannot be read.
pub(super) fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, CaFault> {
    let file = File::open(path).map_err(CaFault::Unreadable)?;
    let mut text = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut text).map_err(CaFault::Unreadable)?;
    if u64::try_from(text.len()).is_ok_and(|length| length > MOST_BYTES) {
        return Err(CaFault::TooLarge);
    }
    let broken = |words: String| CaFault::Broken(words);
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|error| broken(error.to_string()))?;
    if certificates.is_empty() {
        return Err(CaFault::Empty);
    }
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store.add(certificate.clone()).map_err(|error| broken(error.to_string()))?;
    }
    Ok(certificates)
}

/// The whole path of a file that holds certificate authorities.
///
/// # Errors
/// `transport.ca_file` when it does not.
pub(crate) fn usable_ca_file(path: &str, lang: Lang) -> Result<String, Problem> {
    let whole = std::path::absolute(path).map_err(|error| problem(path, &error.to_string(), lang))?;
    read(&whole).map_err(|fault| problem(path, &fault.to_string(), lang))?;
    Ok(whole.display().to_string())
}

/// The refusal a person sees.
fn problem(path: &str, words: &str, lang: Lang) -> Problem {
    let shown: String = path.chars().take(200).collect();
    Problem::refused(
        "transport.ca_file",
        say!(
            lang,
            "The file of certificate authorities `{shown}` cannot be used: {words}.",
            "无法使用证书颁发机构文件 `{shown}`：{words}。"
        ),
    )
    .hinted(cure(lang))
    .about("ca_file")
}

/// What to do about a file that cannot be used.
pub(crate) fn cure(lang: Lang) -> String {
    say!(
        lang,
        "Name a PEM file that holds the certificate of the authority, or none to trust the system's only.",
        "填写包含颁发机构证书的 PEM 文件；留空则只信任系统证书。"
    )
}

impl fmt::Display for CaFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::TooLarge => f.write_str("it is larger than 1 MiB"),
            Self::Empty => f.write_str("it holds no certificate in PEM form"),
            Self::Broken(words) => f.write_str(words),
        }
    }
}
