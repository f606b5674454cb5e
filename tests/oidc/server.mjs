// A certified OpenID provider (npm `oidc-provider`) on a loopback port, for the integration tests: discovery, code with
// PKCE, refresh with rotation, revocation, introspection, client credentials and dynamic registration are on. One person,
// `ada`, who consents to everything. Prints its address, and ends when its standard input does.

import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'machine',
      client_secret: 'the-secret-of-the-machine: 100% & more',
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
      scope: 'todos:read',
    },
  ],
  scopes: ['openid', 'offline_access', 'profile', 'todos:read'],
  claims: { openid: ['sub'], profile: ['preferred_username', 'name'] },
  conformIdTokenClaims: false,
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true, allowedPolicy: () => true },
    clientCredentials: { enabled: true },
  },
  pkce: { required: () => true },
  rotateRefreshToken: () => true,
  issueRefreshToken: (ctx, client, code) => code.scopes.has('offline_access'),
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id, name: 'Ada Adler' }),
  }),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ['for tests only'] },
  ttl: { AccessToken: 600, IdToken: 600, RefreshToken: 3600, Session: 600, Grant: 3600, Interaction: 600 },
});

// Signs in and consents without a page: the browser of the tests has no hands.
async function interact(request, response) {
  const { uid, prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
    return;
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const { missingOIDCScope, missingOIDCClaims } = prompt.details;
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

const serve = provider.callback();
server.on('request', (request, response) => {
  if (request.url.startsWith('/interaction/')) {
    interact(request, response).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  } else {
    serve(request, response);
  }
});

console.log(issuer);
process.stdin.resume().on('end', () => process.exit(0));
