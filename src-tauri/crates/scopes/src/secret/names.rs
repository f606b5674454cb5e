//! Names of members, fields, parameters and headers that hold a secret.

use super::kind::SecretKind;

/// What a name says about its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    /// The kind of secret.
    pub(super) kind: SecretKind,
    /// The name has other uses as well (`code` of an error): the form of the value decides.
    pub(super) weak: bool,
}

/// Longest name that is looked at, in bytes without separators.
const MAX_NAME: usize = 48;

/// Whole names, without separators and in lower case.
const NAMES: &[(&str, SecretKind)] = &[
    ("accesstoken", SecretKind::AccessToken),
    ("refreshtoken", SecretKind::RefreshToken),
    ("idtoken", SecretKind::IdToken),
    ("idtokenhint", SecretKind::IdToken),
    ("sessiontoken", SecretKind::SignInToken),
    ("codeverifier", SecretKind::CodeVerifier),
    ("authorizationcode", SecretKind::Code),
    ("authcode", SecretKind::Code),
    ("devicecode", SecretKind::Other),
    ("usercode", SecretKind::Other),
    ("assertion", SecretKind::Other),
    ("clientassertion", SecretKind::Other),
    ("samlresponse", SecretKind::Other),
    ("totp", SecretKind::Other),
    ("totpcode", SecretKind::Other),
    ("otp", SecretKind::Other),
    ("otpcode", SecretKind::Other),
    ("mfacode", SecretKind::Other),
    ("onetimecode", SecretKind::Other),
    ("verificationcode", SecretKind::Other),
    ("recoverycode", SecretKind::Other),
    ("backupcode", SecretKind::Other),
    ("recoverycodes", SecretKind::Other),
    ("backupcodes", SecretKind::Other),
    ("accountkey", SecretKind::Other),
    ("sharedaccesskey", SecretKind::Other),
    ("storagekey", SecretKind::Other),
    ("masterkey", SecretKind::Other),
    ("signingkey", SecretKind::Other),
    ("encryptionkey", SecretKind::Other),
    ("licensekey", SecretKind::Other),
    ("servicekey", SecretKind::Other),
    ("authkey", SecretKind::Other),
    ("sshkey", SecretKind::Other),
    ("mnemonic", SecretKind::Other),
    ("seedphrase", SecretKind::Other),
    ("connectionstring", SecretKind::Other),
    ("databaseurl", SecretKind::Other),
    ("sastoken", SecretKind::Other),
    ("jwt", SecretKind::SignedToken),
    ("bearer", SecretKind::AccessToken),
    ("sessionid", SecretKind::Cookie),
    ("connectsid", SecretKind::Cookie),
    ("secret", SecretKind::Other),
    ("pin", SecretKind::Other),
    ("pincode", SecretKind::Other),
    ("dsn", SecretKind::Other),
    ("samlart", SecretKind::Other),
    ("wresult", SecretKind::Other),
    ("sharedaccesssignature", SecretKind::Other),
    ("converttosecurestring", SecretKind::Password),
    ("mdp", SecretKind::Password),
    ("clave", SecretKind::Password),
    ("geheim", SecretKind::Other),
    ("losung", SecretKind::Password),
    ("parola", SecretKind::Password),
    ("haslo", SecretKind::Password),
    ("sifre", SecretKind::Password),
];

/// What a longer name ends in: `webhook_secret`, `awsSecretAccessKey`, `X-Api-Key`.
const ENDINGS: &[(&str, SecretKind)] = &[
    ("clientsecret", SecretKind::ClientSecret),
    ("password", SecretKind::Password),
    ("passwd", SecretKind::Password),
    ("passphrase", SecretKind::Password),
    ("passcode", SecretKind::Password),
    ("pwd", SecretKind::Password),
    ("apikey", SecretKind::Other),
    ("secretkey", SecretKind::Other),
    ("privatekey", SecretKind::Other),
    ("accesskey", SecretKind::Other),
    ("clientkey", SecretKind::Other),
    ("sessiontoken", SecretKind::SignInToken),
    ("refreshtoken", SecretKind::RefreshToken),
    ("accesstoken", SecretKind::AccessToken),
    ("idtoken", SecretKind::IdToken),
    ("authtoken", SecretKind::AccessToken),
    ("assertion", SecretKind::Other),
    ("secret", SecretKind::Other),
    ("passwort", SecretKind::Password),
    ("kennwort", SecretKind::Password),
    ("geheimnis", SecretKind::Other),
    ("motdepasse", SecretKind::Password),
    ("contrasena", SecretKind::Password),
    ("wachtwoord", SecretKind::Password),
    ("senha", SecretKind::Password),
    ("zugangscode", SecretKind::Password),
    ("zugangsdaten", SecretKind::Password),
    ("geheimzahl", SecretKind::Password),
    ("codesecret", SecretKind::Password),
    ("cleprivee", SecretKind::Other),
    ("clesecrete", SecretKind::Other),
    ("clavesecreta", SecretKind::Other),
    ("claveprivada", SecretKind::Other),
    ("secreto", SecretKind::Other),
    ("segredo", SecretKind::Other),
    ("palavrapasse", SecretKind::Password),
    ("losenord", SecretKind::Password),
    ("adgangskode", SecretKind::Password),
];

/// Names with other uses: the form of the value decides.
const WEAK: &[(&str, SecretKind)] = &[
    ("token", SecretKind::AccessToken),
    ("code", SecretKind::Code),
    ("key", SecretKind::Other),
    ("sig", SecretKind::Other),
    ("signature", SecretKind::Other),
    ("sid", SecretKind::Cookie),
    ("session", SecretKind::Cookie),
    ("auth", SecretKind::Other),
    ("pass", SecretKind::Password),
    ("credential", SecretKind::Other),
    ("credentials", SecretKind::Other),
    ("cookie", SecretKind::Cookie),
    ("authorization", SecretKind::AccessToken),
    ("ticket", SecretKind::Other),
];

/// Endings of weak names: `csrf_token`. Names of pages of a list are no secrets.
const WEAK_ENDINGS: [(&str, SecretKind); 1] = [("token", SecretKind::AccessToken)];

/// Names that end like a secret and hold none.
const NOT_SECRET: [&str; 8] = [
    "nexttoken",
    "pagetoken",
    "nextpagetoken",
    "continuationtoken",
    "synctoken",
    "hastoken",
    "revoketoken",
    "hassecret",
];

/// What a member, field, parameter or header of this name holds, in any spelling (`client_secret`, `clientSecret`,
/// `Client-Secret`).
pub(super) fn named(name: &str) -> Option<Named> {
    if name.len() > MAX_NAME + 12 || name.len() < 3 {
        return None;
    }
    let mut buffer = [0_u8; MAX_NAME];
    let mut length = 0;
    for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    let plain = buffer.get(..length)?;
    let whole = |list: &[(&str, SecretKind)]| {
        list.iter().find(|(known, _)| known.as_bytes() == plain).map(|(_, kind)| *kind)
    };
    let ends = |list: &[(&str, SecretKind)]| {
        list.iter().find(|(known, _)| plain.ends_with(known.as_bytes())).map(|(_, kind)| *kind)
    };
    if NOT_SECRET.iter().any(|known| known.as_bytes() == plain) {
        return None;
    }
    // `passwords` and `apiKeys` are lists of secrets.
    let one = plain.strip_suffix(b"s").unwrap_or(plain);
    let several = || ENDINGS.iter().find(|(known, _)| one.ends_with(known.as_bytes())).map(|(_, kind)| *kind);
    let strong = whole(NAMES).or_else(|| ends(ENDINGS)).or_else(several);
    let weak = || whole(WEAK).or_else(|| ends(&WEAK_ENDINGS));
    strong.map(|kind| Named { kind, weak: false }).or_else(|| weak().map(|kind| Named { kind, weak: true }))
}

/// Whether a name holds a value that is public although it looks random.
pub(super) fn is_public(name: &str) -> bool {
    ["client_id", "clientId", "kid", "consumer", "code_challenge"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_spelling() {
        for name in ["client_secret", "clientSecret", "Client-Secret", "CLIENT_SECRET"] {
            assert_eq!(named(name).unwrap().kind, SecretKind::ClientSecret, "{name}");
        }
        for name in [
            "passphrase",
            "pwd",
            "otp",
            "private_key",
            "secretKey",
            "AWS_SECRET_ACCESS_KEY",
            "dbPassword",
            "X-Api-Key",
            "connection_string",
            "prism_client_secret",
            "webhook_secret",
            "passwords",
            "_authToken",
            "ConvertTo-SecureString",
        ] {
            assert!(!named(name).unwrap().weak, "{name}");
        }
        for name in ["sig", "key", "sid", "csrf_token", "code"] {
            assert!(named(name).unwrap().weak, "{name}");
        }
        for name in
            ["token_type", "code_challenge", "token_endpoint", "scope", "state", "", "keyboard", "next_token"]
        {
            assert_eq!(named(name), None, "{name}");
        }
    }
}
