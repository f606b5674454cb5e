// A consumer's integration test: signs Mia in with PKCE, then lists, adds, completes and comments as she may.
// Needs Node 20 or newer and a running sandbox; the only argument is its admin address, with its token, as it was printed.
import { createHash, randomBytes } from "node:crypto";
import assert from "node:assert/strict";

const admin = process.argv[2];
assert(admin, "the argument is missing: node consumer.mjs http://127.0.0.1:47312/TOKEN");
const { prism_url: prism, glint_url: glint, provider } = await (await fetch(`${admin}/handout`)).json();
const client = "prism_wl26DFRxxToGcOuw00SsQA"; // Tea Board, a public client
const redirect_uri = "http://127.0.0.1:8899/callback";
const scopes = ["read_todos", "create_todos", "complete_todos", "delete_todos", "comment", "read_settings"];
const scope = ["openid", "teams:read", ...scopes.map((inner) => `app:${provider.client_id}:${inner}`)].join(" ");
const json = { "content-type": "application/json" };

// A person signs in and approves; a browser would do this on the sandbox's sign-in page.
const session = await (
  await fetch(`${prism}/api/auth/login`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ identifier: "mia", password: "mia-tea-party" }),
  })
).json();
const verifier = randomBytes(32).toString("base64url");
const approved = await fetch(`${prism}/api/oauth/authorize`, {
  method: "POST",
  headers: { ...json, authorization: `Bearer ${session.token}` },
  body: JSON.stringify({
    client_id: client,
    redirect_uri,
    scope,
    action: "approve",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }),
});
const code = new URL((await approved.json()).redirect).searchParams.get("code");
const token = await (
  await fetch(`${prism}/api/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri,
      client_id: client,
      code_verifier: verifier,
    }),
  })
).json();
assert.equal(token.scope, scope, "Prism drops scopes without a word: compare");

async function call(method, path, body) {
  const answer = await fetch(`${glint}/api/cross-app${path}`, {
    method,
    headers: { authorization: `Bearer ${token.access_token}`, ...(body && json) },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, ...(await answer.json()) };
}

async function control(path, body) {
  const answer = await fetch(`${admin}${path}`, { method: "POST", body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.text());
}

const { user } = await call("GET", "/me");
const team = `/teams/${user.teams[0].id}`;
const { sets } = await call("GET", `${team}/sets`);
const pantry = sets.find((set) => set.name === "Pantry");
const { todo } = await call("POST", `${team}/sets/${pantry.id}/todos`, { title: "Order biscuits" });
assert.equal((await call("PATCH", `${team}/todos/${todo.id}`, { completed: true })).ok, true);
await call("POST", `${team}/todos/${todo.id}/comments`, { body: "The plain ones." });
const { todos } = await call("GET", `${team}/sets/${pantry.id}/todos`);
const mine = todos.find((item) => item.id === todo.id);
assert.deepEqual([mine.completed, mine.commentCount], [true, 1]);

// Refusals are part of the contract, so test them as well.
const foreign = todos.find((item) => item.userId !== user.id);
assert.deepEqual(await call("DELETE", `${team}/todos/${foreign.id}`), { status: 403, error: "No permission to delete" });
await control("/clock", { advance_seconds: 3601 });
assert.deepEqual(await call("GET", "/me"), { status: 401, error: "Token inactive or expired" });
await control("/reset", {});
console.log("the consumer's test passed");
