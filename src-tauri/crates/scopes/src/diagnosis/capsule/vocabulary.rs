//! What may stand in a capsule by its name: headers, parameters and members that the diagnosis reads, by what their
//! values are. Everything else is left out.

use super::super::forms::{self, Shape};

/// What the value of a known name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// An id of a resource, a person or a client.
    Id,
    /// Scopes, separated by blanks or commas.
    Scopes,
    /// One word of the protocol.
    Word,
    /// A sentence of a server.
    Sentence,
    /// A point in time.
    Time,
    /// A duration, a count or a place in an order.
    Number,
    /// A fingerprint of what was left out.
    Print,
    /// A stack trace.
    Stack,
    /// An address.
    Address,
    /// The name, address or picture of a person.
    Person,
    /// What somebody wrote, or called something.
    Text,
    /// A secret, which is replaced already.
    Secret,
    /// A list or an object of known members.
    Inside,
    /// A map by role, permission or id.
    Map,
}

use Class::{
    Address, Id, Inside, Map, Number, Person, Print, Scopes, Secret, Sentence, Stack, Text, Time, Word,
};

/// Members and parameters, without separators and in lower case.
const MEMBERS: [(&str, Class); 163] = [
    ("id", Id),
    ("userid", Id),
    ("teamid", Id),
    ("setid", Id),
    ("todoid", Id),
    ("parentid", Id),
    ("commentid", Id),
    ("assigneeid", Id),
    ("ownerid", Id),
    ("createdby", Id),
    ("createdbyid", Id),
    ("creatorid", Id),
    ("authorid", Id),
    ("sub", Id),
    ("clientid", Id),
    ("appid", Id),
    ("consumer", Id),
    ("consumerid", Id),
    ("target", Id),
    ("targetid", Id),
    ("userids", Id),
    ("aud", Id),
    ("azp", Id),
    ("team", Id),
    ("set", Id),
    ("todo", Id),
    ("defaultsetid", Id),
    ("ids", Id),
    ("cursor", Id),
    ("ownerclientid", Id),
    ("beforeid", Id),
    ("afterid", Id),
    ("todoids", Id),
    ("setids", Id),
    ("assigneeids", Id),
    ("providerclientid", Id),
    ("providerappid", Id),
    ("scope", Scopes),
    ("scopes", Scopes),
    ("optionalscopes", Scopes),
    ("allowedscopes", Scopes),
    ("requestedscopes", Scopes),
    ("grantedscopes", Scopes),
    ("missing", Scopes),
    ("missingscopes", Scopes),
    ("required", Scopes),
    ("requiredscopes", Scopes),
    ("scopessupported", Scopes),
    ("role", Word),
    ("tokentype", Word),
    ("type", Word),
    ("kind", Word),
    ("ruletype", Word),
    ("effect", Word),
    ("granttype", Word),
    ("responsetype", Word),
    ("responsemode", Word),
    ("tokentypehint", Word),
    ("prompt", Word),
    ("codechallengemethod", Word),
    ("status", Word),
    ("state", Secret),
    ("nonce", Secret),
    ("permission", Word),
    ("permissions", Map),
    ("action", Word),
    ("visibility", Word),
    ("method", Word),
    ("access", Word),
    ("scopedelimiter", Word),
    ("targettype", Word),
    ("grant", Word),
    ("sort", Word),
    ("order", Word),
    ("error", Sentence),
    ("errordescription", Sentence),
    ("message", Sentence),
    ("reason", Sentence),
    ("detail", Sentence),
    ("details", Sentence),
    ("errormessage", Sentence),
    ("errors", Sentence),
    ("exp", Time),
    ("iat", Time),
    ("nbf", Time),
    ("authtime", Time),
    ("expiresin", Number),
    ("expiresat", Time),
    ("joinedat", Time),
    ("createdat", Time),
    ("updatedat", Time),
    ("grantedat", Time),
    ("revokedat", Time),
    ("duedate", Time),
    ("sortorder", Number),
    ("limit", Number),
    ("offset", Number),
    ("page", Number),
    ("total", Number),
    ("count", Number),
    ("version", Number),
    ("statuscode", Number),
    ("completedat", Time),
    ("joined", Time),
    ("baseurl", Address),
    ("issuer", Address),
    ("redirect", Address),
    ("redirecturi", Address),
    ("redirecturis", Address),
    ("authorizationendpoint", Address),
    ("tokenendpoint", Address),
    ("iss", Address),
    ("introspectionendpoint", Address),
    ("revocationendpoint", Address),
    ("erroruri", Address),
    ("resource", Address),
    ("audience", Address),
    ("url", Address),
    ("username", Person),
    ("displayname", Person),
    ("preferredusername", Person),
    ("nickname", Person),
    ("givenname", Person),
    ("familyname", Person),
    ("fullname", Person),
    ("firstname", Person),
    ("lastname", Person),
    ("email", Person),
    ("avatarurl", Person),
    ("avatar", Person),
    ("picture", Person),
    ("loginhint", Secret),
    ("sessionstate", Secret),
    ("idtokenhint", Secret),
    ("phone", Person),
    ("phonenumber", Person),
    ("ownername", Person),
    ("authorname", Person),
    ("assignee", Person),
    ("name", Text),
    ("title", Text),
    ("body", Text),
    ("content", Text),
    ("filename", Text),
    ("description", Text),
    ("defaultsetname", Text),
    ("setname", Text),
    ("sitename", Text),
    ("teamname", Text),
    ("scopetitle", Text),
    ("user", Inside),
    ("teams", Inside),
    ("app", Inside),
    ("apps", Inside),
    ("appscopes", Inside),
    ("rejectedscopes", Inside),
    ("rules", Inside),
    ("sets", Map),
    ("todos", Inside),
    ("comments", Inside),
    ("assignees", Id),
    ("stack", Stack),
    ("leftout", Print),
];

/// More members that hold others.
const INSIDE: [(&str, Class); 9] = [
    ("global", Map),
    ("defaults", Map),
    ("matrix", Map),
    ("roles", Map),
    ("definitions", Inside),
    ("members", Inside),
    ("users", Inside),
    ("data", Inside),
    ("rule", Inside),
];

/// Members that hold a secret by name; they are replaced before, and stay so that the diagnosis sees that they were sent.
const SECRETS: [&str; 14] = [
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "token",
    "code",
    "codeverifier",
    "clientsecret",
    "codechallenge",
    "password",
    "assertion",
    "clientassertion",
    "secret",
    "sessiontoken",
    "devicecode",
];

/// Headers that stay. The value of those without a mark is written as it was, once it passed the sweep.
pub(super) const HEADERS: [&str; 23] = [
    "authorization",
    "proxy-authorization",
    "x-session-token",
    "cookie",
    "set-cookie",
    "content-type",
    "accept",
    "user-agent",
    "www-authenticate",
    "location",
    "retry-after",
    "date",
    "age",
    "allow",
    "host",
    "origin",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-dest",
    "sec-ch-ua",
    "sec-websocket-protocol",
    "access-control-allow-origin",
    "connection",
];

/// The class of a member or parameter; `None`: not known, so that it is left out.
pub(super) fn class_of(name: &str) -> Option<Class> {
    // Other signs would travel along with a known name.
    if name.len() > 60 || !name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.[]".contains(c)) {
        return None;
    }
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if SECRETS.contains(&plain.as_str()) {
        return Some(Secret);
    }
    let known = MEMBERS.iter().chain(&INSIDE).find(|(known, _)| *known == plain).map(|(_, class)| *class);
    // By its members an answer is told from somebody else's.
    known.or_else(|| {
        Some(match forms::shape_of(&plain)? {
            Shape::Number => Number,
            Shape::Text => Text,
            Shape::Flag => Word,
            Shape::Inside => Inside,
        })
    })
}

/// Whether a text is one word as the servers' own names are: `edit_todos`, `app-info`, `dueDate`.
pub(super) fn is_word(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.');
    !text.is_empty() && text.len() <= 40 && text.chars().all(plain)
}
