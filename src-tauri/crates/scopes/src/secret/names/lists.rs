//! The words that names of secrets are made of.

use crate::secret::kind::SecretKind;

/// Names without separators and in lower case: whole, or as the last words of a longer name (`X-Otp`, `mfaPin`).
pub(super) const NAMES: &[(&str, SecretKind)] = &[
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
    ("pw", SecretKind::Password),
    ("psw", SecretKind::Password),
    ("pswd", SecretKind::Password),
    ("totp", SecretKind::Other),
    ("totpcode", SecretKind::Other),
    ("otp", SecretKind::Other),
    ("otpcode", SecretKind::Other),
    ("mfacode", SecretKind::Other),
    ("2facode", SecretKind::Other),
    ("twofactorcode", SecretKind::Other),
    ("smscode", SecretKind::Other),
    ("tancode", SecretKind::Other),
    ("accesscode", SecretKind::Other),
    ("securitycode", SecretKind::Other),
    ("authenticationcode", SecretKind::Other),
    ("otptoken", SecretKind::Other),
    ("mfatoken", SecretKind::Other),
    ("sessionkey", SecretKind::Other),
    ("passkey", SecretKind::Other),
    ("secretanswer", SecretKind::Other),
    ("securityanswer", SecretKind::Other),
    ("cvv", SecretKind::Other),
    ("cvc", SecretKind::Other),
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
pub(super) const ENDINGS: &[(&str, SecretKind)] = &[
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
    // `JSESSIONID`, `PHPSESSID`
    ("sessionid", SecretKind::Cookie),
    ("sessid", SecretKind::Cookie),
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
pub(super) const WEAK: &[(&str, SecretKind)] = &[
    ("token", SecretKind::AccessToken),
    ("code", SecretKind::Code),
    ("key", SecretKind::Other),
    ("sig", SecretKind::Other),
    ("sid", SecretKind::Cookie),
    ("session", SecretKind::Cookie),
    ("auth", SecretKind::Other),
    ("cookie", SecretKind::Cookie),
    ("authorization", SecretKind::AccessToken),
    ("ticket", SecretKind::Other),
    ("hmac", SecretKind::Other),
    ("schlussel", SecretKind::Other),
    ("schluessel", SecretKind::Other),
];

/// Weak names whose short values are words or numbers: `state` of a to-do, of an authorization request (RFC 6749 §4.1.1).
pub(super) const WEAK_LONG: [(&str, SecretKind); 2] =
    [("state", SecretKind::Other), ("nonce", SecretKind::Other)];
/// Shortest value that counts under these.
pub(super) const LONG: usize = 12;

/// The last words of names that hold a secret where syntax binds a value to them.
pub(super) const BOUND: [(&str, SecretKind); 13] = [
    ("pass", SecretKind::Password),
    ("credential", SecretKind::Other),
    ("credentials", SecretKind::Other),
    ("signature", SecretKind::Other),
    ("dpop", SecretKind::Other),
    ("2fa", SecretKind::Other),
    ("mfa", SecretKind::Other),
    ("tfa", SecretKind::Other),
    ("csrf", SecretKind::Other),
    ("xsrf", SecretKind::Other),
    ("csrftoken", SecretKind::Other),
    ("xsrftoken", SecretKind::Other),
    ("authenticitytoken", SecretKind::Other),
];

/// First words of names that say something about a secret and hold none: `hasPin`, `require_otp`.
pub(super) const FLAGS: [&str; 22] = [
    "is", "has", "had", "use", "uses", "need", "needs", "require", "requires", "required", "allow", "allows",
    "enable", "enabled", "disable", "with", "no", "min", "max", "invalid", "missing", "wrong",
];

/// Last words that say which of several values of a name it is: `password_confirmation`, `pinRepeat`.
pub(super) const WHICH: [&str; 13] = [
    "confirmation",
    "confirm",
    "repeat",
    "repeated",
    "again",
    "retype",
    "verify",
    "old",
    "new",
    "current",
    "value",
    "plain",
    "hash",
];

/// Endings of weak names: `csrf_token`. Names of pages of a list are no secrets.
pub(super) const WEAK_ENDINGS: [(&str, SecretKind); 1] = [("token", SecretKind::AccessToken)];

/// Names that end like a secret and hold none.
pub(super) const NOT_SECRET: [&str; 9] = [
    "palabraclave",
    "nexttoken",
    "pagetoken",
    "nextpagetoken",
    "continuationtoken",
    "synctoken",
    "hastoken",
    "revoketoken",
    "hassecret",
];
