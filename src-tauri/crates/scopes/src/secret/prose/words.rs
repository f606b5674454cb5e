//! The words around a secret in a sentence.

/// Words between a name and its secret.
pub(super) const BINDS: &[&str] = &[
    "is now ",
    "ist nun ",
    "ist jetzt ",
    "was now ",
    "is still ",
    "is set to ",
    "was set to ",
    "was changed to ",
    "has been set to ",
    "set to ",
    "changed to ",
    "reset to ",
    "equals ",
    "is: ",
    "was: ",
    "is ",
    "was ",
    "ist: ",
    "ist ",
    "war ",
    "lautet: ",
    "lautet ",
    "lautete ",
    "heißt ",
    "heisst ",
    "wurde geändert auf ",
    "wurde gesetzt auf ",
    "reads: ",
    "reads ",
    "becomes ",
    "became ",
    "remains ",
    "devient ",
    "sera ",
    "será ",
    "jest ",
    "to: ",
    "est : ",
    "est ",
    "es: ",
    "es ",
    "era ",
    "-> ",
    "— ",
    "– ",
    "は",
    "=> ",
    "→ ",
    "does not match: ",
    "did not match: ",
    "mismatch: ",
    "rejected: ",
    "refused: ",
    "invalid: ",
    "incorrect: ",
    "wrong: ",
    "是：",
    "是:",
    "是",
    "为：",
    "为:",
    "为",
    "错误：",
    "错误:",
    "不正确：",
    "无效：",
    "无效:",
];
/// Words in front of a name behind which its secret follows without a verb.
pub(super) const LEADS: [&str; 16] = [
    "wrong ",
    "incorrect ",
    "invalid ",
    "bad ",
    "using ",
    "used ",
    "with ",
    "old ",
    "new ",
    "current ",
    "temporary ",
    "default ",
    "initial ",
    "falsches ",
    "unknown ",
    "错误的",
];
/// Words between a secret and the name behind it: `x is not a valid password`.
pub(super) const ARTICLES: [&str; 11] =
    [" a", " an", " the", " your", " my", " valid", " correct", " right", " not", " no longer", " their"];

/// Opening quotes with the closing ones.
pub(super) const QUOTES: [(char, char); 9] = [
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('‘', '’'),
    ('「', '」'),
    ('『', '』'),
    ('«', '»'),
    ('„', '“'),
];

/// Brackets around one word.
pub(super) const BRACKETS: [(char, char); 5] =
    [('(', ')'), ('[', ']'), ('<', '>'), ('（', '）'), ('【', '】')];

/// Words behind the name of a secret that say something about it, so that they are none.
pub(super) const STATES: &str = "\
    abgelaufen about absent accepted account accounts active after against allowed already also always \
    and app application applications apps argument attempt attempts auth authentication authorization \
    automatically available bad based because been before being blank blocked body bound broken button \
    caducada can't cannot case-sensitive change changed characters check checked checking checks choose \
    client clients code codes common comparison complexity compromised confidential configured \
    confirmation contact correct correctly could created currently data deleted denied deprecated did \
    didn't different digits disabled disallowed disclosed does doesn't email empty encrypted encryption \
    enter entered equal erforderlich error errors exchange expected expiration expired expiring expiry \
    expiré expirée exposed failed failing fails failure falsch false faux fehlt field fields file files \
    fine flow for forbidden form format found from generated generation gesperrt given gone good grant \
    grants guessable guessed handling hash hashed hashes hashing have header here hidden hint hints \
    history holder identical inactive inconnu incorrect incorrecta incorrecte incorrectly incorrecto \
    input inputs insecure intended into invalid invalidated invalide inválida inválido isn't issued just \
    kept known label leaked least leer length less letters lifetime likely limited link locked login \
    long lookup made mail malformed managed manager manquant match matched matches material maximum \
    meant method minimum mismatch mismatched missing mode more most must name named names needed never \
    nicht none not null number object obligatoire obligatoria obsolete often ok okay once only onto \
    option optional options outdated over owner page pair parameter parameters pending per permanent \
    please policy present previously private probably prompt protected protection provide provided \
    public query read-only recently recognised recognized recovery redacted refused rejected removed \
    replaced requerida request requests required required_field requirement requirements requis requise \
    reset reset-link response restricted retrieval reuse reused revoked right ring rotated rotation rule \
    rules safe same saved scope scopes secret secure security see sent server servers service services \
    setting settings short should shown sign-in signin signup similar since size span specified stale \
    step still storage store stored strength string style supplied support supported system systems \
    temporary than that the their then there this token tokens true type types unauthorised unauthorized \
    unavailable unbekannt unchanged undefined ungültig unknown unless unlocked unrecognised unrecognized \
    unsafe unset unsupported until updated used user username users usually valid validation value \
    values vault vencida verification verified via wasn't weak what when where which while will with \
    within without won't would write-only written wrong your zu";

/// The second words of names of two.
pub(super) const SECONDS: [&str; 9] =
    ["key", "keys", "token", "code", "secret", "passe", "phrase", "string", "verifier"];
