"""A client nobody here wrote, requests-oauthlib, against the sandbox: code with PKCE, id token, refresh, introspection,
revocation, and a call of the resource server. Reads the sandbox's handout on standard input."""

import json
import os
import sys

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import jwt
import requests
from oauthlib.oauth2 import InvalidGrantError, WebApplicationClient
from requests_oauthlib import OAuth2Session

handout = json.load(sys.stdin)
prism, glint = handout["prism_url"], handout["glint_url"]
endpoints = requests.get(f"{prism}/.well-known/openid-configuration").json()
inner = f"app:{handout['provider']['client_id']}:read_todos"
redirect_uri = "http://127.0.0.1:8899/callback"
secrets = {c["client_id"]: c["secret"] for c in handout["credentials"] if c["kind"] == "client_credentials"}
bot = "prism_4Kg-r67d_NcD72Kg9XU1Fg"
board = "prism_wl26DFRxxToGcOuw00SsQA"


def approve_in_a_browser(url):
    """Signs in as Mia, approves, and returns the address the browser is sent to."""
    browser = requests.Session()
    page = browser.get(url)
    assert page.status_code == 200 and "identifier" in page.text, page.text
    query = page.url.split("?", 1)[1]
    form = {"identifier": "mia", "password": "mia-tea-party"}
    page = browser.post(f"{prism}/login?{query}", data=form)
    assert "value=approve" in page.text, page.text
    sent = browser.post(page.url, data={"action": "approve"}, allow_redirects=False)
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"]


def introspect(token):
    return requests.post(endpoints["introspection_endpoint"], data={"token": token}).json()


def sign_in(client_id):
    client = WebApplicationClient(client_id)
    verifier = client.create_code_verifier(64)
    challenge = client.create_code_challenge(verifier, "S256")
    scope = ["openid", "profile", "teams:read", "offline_access", inner]
    session = OAuth2Session(client=client, redirect_uri=redirect_uri, scope=scope)
    url, state = session.authorization_url(
        endpoints["authorization_endpoint"], code_challenge=challenge, code_challenge_method="S256"
    )
    answer = approve_in_a_browser(url)
    assert f"state={state}" in answer, answer
    token = session.fetch_token(
        endpoints["token_endpoint"],
        authorization_response=answer,
        code_verifier=verifier,
        client_secret=secrets.get(client_id),
        include_client_id=None if client_id in secrets else True,
    )
    return session, token


def whole_life(client_id):
    session, token = sign_in(client_id)
    assert token["token_type"] == "Bearer" and inner in token["scope"], token
    key = jwt.PyJWKClient(endpoints["jwks_uri"]).get_signing_key_from_jwt(token["id_token"])
    claims = jwt.decode(token["id_token"], key.key, ["RS256"], audience=client_id, issuer=endpoints["issuer"])
    me = session.get(f"{glint}/api/cross-app/me").json()
    assert me["user"]["id"] == claims["sub"] == introspect(token["access_token"])["sub"], me
    extra = {"client_id": client_id}
    if client_id in secrets:
        extra["client_secret"] = secrets[client_id]
    renewed = session.refresh_token(endpoints["token_endpoint"], **extra)
    assert renewed["access_token"] != token["access_token"]
    assert introspect(token["access_token"]) == {"active": False}
    assert introspect(renewed["access_token"])["active"] is True
    requests.post(endpoints["revocation_endpoint"], data={"token": renewed["access_token"]}).raise_for_status()
    assert introspect(renewed["access_token"]) == {"active": False}
    try:
        session.refresh_token(endpoints["token_endpoint"], **extra)
    except InvalidGrantError:
        return
    raise AssertionError("a revoked refresh token was exchanged")


whole_life(bot)
whole_life(board)
print("confidential and public client: whole")
