import { expect, test } from 'vitest';
import { errorType, startVault, startVaultWithSession } from './sandbox-client.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test('a login opens a session in this Vault and names its URL', async () => {
  const vault = await startVault();
  const { status, body, headers } = await vault.login();
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(['responseStatus', 'sessionId', 'userId', 'vaultIds', 'vaultId']);
  expect(body).toMatchObject({ responseStatus: 'SUCCESS', userId: 20_417, vaultId: 4_102 });
  expect(body.sessionId).toMatch(/^[0-9A-F]{128}$/);
  expect(body.vaultIds[0]).toEqual({ id: 4_102, name: 'QualityDocs', url: `${vault.url}/api` });
  expect(headers.get('x-vaultapi-userid')).toBe('20417');
  const me = await vault.as(body.sessionId)('GET', '/objects/users/me');
  expect(me.body.users[0]?.user).toMatchObject({ id: 20_417, user_name__v: 'svc.jobyard@northwind.com' });
});

test('the URL of this Vault has the host by which it was called', async () => {
  const vault = await startVault();
  const { port } = new URL(vault.url);
  const { username, password } = vault.state.users.integration;
  const body = new URLSearchParams({ username, password, vaultDNS: `localhost:${port}` });
  const response = await fetch(`http://localhost:${port}/api/v26.1/auth`, { method: 'POST', body });
  expect(await response.json()).toMatchObject({ vaultId: 4_102, vaultIds: [{ url: `http://localhost:${port}/api` }, {}] });
});

test('a multipart form logs in too, JSON does not', async () => {
  const vault = await startVault();
  const { username, password } = vault.state.users.integration;
  const form = new FormData();
  form.append('username', username);
  form.append('password', password);
  expect((await vault.call('POST', '/api/v25.3/auth', { body: form })).body.responseStatus).toBe('SUCCESS');
  const json = { body: JSON.stringify({ username, password }), headers: { 'content-type': 'application/json' } };
  expect(errorType(await vault.call('POST', '/api/v25.3/auth', json))).toBe('NO_PASSWORD_PROVIDED');
});

test('failed logins return the reason, with AUTHENTICATION_FAILED', async () => {
  const vault = await startVault();
  const { users } = vault.state;
  const attempts = [
    [{ password: '' }, 'NO_PASSWORD_PROVIDED'],
    [{ password: 'wrong' }, 'USERNAME_OR_PASSWORD_INCORRECT'],
    [{ username: 'nobody@northwind.com' }, 'INACTIVE_USER'],
    [{ username: users.inactive.username, password: users.inactive.password }, 'INACTIVE_USER'],
    [{ username: users.passwordExpired.username, password: users.passwordExpired.password }, 'PASSWORD_CHANGE_REQUIRED'],
    [{ username: users.lockedOut.username, password: users.lockedOut.password }, 'USER_LOCKED_OUT'],
  ] as const;
  for (const [fields, type] of attempts) {
    const { status, body } = await vault.login(fields);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['responseStatus', 'errors', 'errorType']);
    expect(body).toMatchObject({ responseStatus: 'FAILURE', errors: [{ type }], errorType: 'AUTHENTICATION_FAILED' });
  }
  expect(vault.state.sessions.count()).toBe(0);
});

test('five wrong passwords in a row lock the user out for half an hour', async () => {
  const vault = await startVault({ switches: { loginLimit: 100 } });
  const fail = async () => errorType(await vault.login({ password: 'wrong' }));
  for (let attempt = 1; attempt <= 4; attempt += 1) await fail();
  expect((await vault.login()).body.responseStatus).toBe('SUCCESS');
  for (let attempt = 1; attempt <= 5; attempt += 1) expect(await fail()).toBe('USERNAME_OR_PASSWORD_INCORRECT');
  expect(errorType(await vault.login())).toBe('USER_LOCKED_OUT');
  vault.clock.advance(30 * minuteMs - 1);
  expect(errorType(await vault.login())).toBe('USER_LOCKED_OUT');
  vault.clock.advance(1);
  expect((await vault.login()).body.responseStatus).toBe('SUCCESS');
});

test('lock-out follows its switches', async () => {
  const vault = await startVault({ switches: { lockoutAfter: 1, lockoutMs: 1_000 } });
  await vault.login({ password: 'wrong' });
  expect(errorType(await vault.login())).toBe('USER_LOCKED_OUT');
  vault.clock.advance(1_000);
  expect((await vault.login()).body.responseStatus).toBe('SUCCESS');
});

test('a user without access to this Vault gets a session in another one, which is invalid here', async () => {
  const vault = await startVault();
  const { username, password } = vault.state.users.ofOtherVault;
  const { body } = await vault.login({ username, password, vaultDNS: new URL(vault.url).host });
  expect(body).toMatchObject({ responseStatus: 'SUCCESS', vaultId: 4_103 });
  expect(body.vaultIds).toEqual([{ id: 4_103, name: 'PromoMats', url: 'https://pm-northwind.veevavault.com/api' }]);
  expect(errorType(await vault.as(body.sessionId)('GET', '/services/jobs/monitors'))).toBe('INVALID_SESSION_ID');
});

test('an unknown DNS brings a user to the Vault where they logged in last', async () => {
  const vault = await startVault();
  expect((await vault.login({ vaultDNS: 'typo.veevavault.com' })).body.vaultId).toBe(4_102);
  expect((await vault.login({ vaultDNS: 'pm-northwind.veevavault.com' })).body.vaultId).toBe(4_103);
  expect((await vault.login({ vaultDNS: 'typo.veevavault.com' })).body.vaultId).toBe(4_103);
  expect((await vault.login({ vaultDNS: '' })).body.vaultId).toBe(4_102);
});

test('an identity provider token opens a session, on a prefix that can be moved', async () => {
  const vault = await startVault();
  const headers = { authorization: `Bearer ${vault.state.users.integration.identityToken}` };
  const opened = await vault.call('POST', '/auth/oauth/session/_9ad0a091', { headers });
  expect(opened.body).toMatchObject({ responseStatus: 'SUCCESS', vaultId: 4_102 });
  expect((await vault.as(`Bearer ${opened.body.sessionId}`)('GET', '/objects/users/me')).body.responseStatus).toBe('SUCCESS');
  const wrong = await vault.call('POST', '/auth/oauth/session/_9ad0a091', { headers: { authorization: 'Bearer wrong' } });
  expect(wrong.body.errorType).toBe('AUTHENTICATION_FAILED');
  expect(errorType(await vault.call('GET', '/auth/oauth/session/_9ad0a091'))).toBe('METHOD_NOT_SUPPORTED');
  vault.switches.oauthPrefix = '/login/session';
  expect((await vault.call('POST', '/auth/oauth/session/_9ad0a091', { headers })).status).toBe(404);
  expect((await vault.call('POST', '/login/session/_9ad0a091', { headers })).body.responseStatus).toBe('SUCCESS');
});

test('a session works bare and as Bearer, an API access token as Bearer only', async () => {
  const vault = await startVaultWithSession();
  const token = vault.state.users.integration.accessToken ?? '';
  const outcome = async (authorization: string) => (await vault.as(authorization)('GET', '/objects/users/me')).body.responseStatus;
  expect(await outcome(vault.session)).toBe('SUCCESS');
  expect(await outcome(`Bearer ${vault.session}`)).toBe('SUCCESS');
  expect(await outcome(`Bearer ${token}`)).toBe('SUCCESS');
  expect(await outcome(token)).toBe('FAILURE');
  expect(await outcome('Bearer veeva-vault-unknown')).toBe('FAILURE');
  expect(await outcome(`Basic ${vault.session}`)).toBe('FAILURE');
});

test('a session ends after twenty idle minutes, which any call and keep-alive renew', async () => {
  const vault = await startVaultWithSession();
  vault.clock.advance(20 * minuteMs - 1);
  expect((await vault.send('POST', '/keep-alive')).body).toEqual({ responseStatus: 'SUCCESS' });
  vault.clock.advance(20 * minuteMs - 1);
  expect((await vault.get('/services/jobs/monitors')).body.responseStatus).toBe('SUCCESS');
  vault.clock.advance(20 * minuteMs);
  const { status, body } = await vault.get('/services/jobs/monitors');
  expect(status).toBe(200);
  expect(body).toMatchObject({ responseStatus: 'FAILURE', errors: [{ type: 'INVALID_SESSION_ID' }] });
});

test('no session lives longer than 48 hours, however busy', async () => {
  const vault = await startVaultWithSession({ switches: { sessionIdleMs: 24 * hourMs } });
  const call = async () => (await vault.send('POST', '/keep-alive')).body.responseStatus;
  for (let hour = 12; hour < 48; hour += 12) {
    vault.clock.advance(12 * hourMs);
    expect(await call()).toBe('SUCCESS');
  }
  vault.clock.advance(12 * hourMs);
  expect(await call()).toBe('FAILURE');
});

test('an ended session is unknown, others remain; a restart ends all', async () => {
  const vault = await startVaultWithSession();
  const other = vault.as((await vault.login()).body.sessionId);
  expect((await vault.send('DELETE', '/session')).body).toEqual({ responseStatus: 'SUCCESS' });
  expect(errorType(await vault.send('DELETE', '/session'))).toBe('INVALID_SESSION_ID');
  expect((await other('GET', '/objects/users/me')).body.responseStatus).toBe('SUCCESS');
  vault.state.sessions.endAll();
  vault.switches.invalidSessionStatus = 401;
  const gone = await other('GET', '/objects/users/me');
  expect([gone.status, errorType(gone)]).toEqual([401, 'INVALID_SESSION_ID']);
});

test('without API access every call but the login fails and names the permission', async () => {
  const vault = await startVault();
  const { username, password } = vault.state.users.withoutApiAccess;
  const send = vault.as((await vault.login({ username, password })).body.sessionId);
  const { body } = await send('POST', '/keep-alive');
  expect(body.errors[0]?.type).toBe('INSUFFICIENT_ACCESS');
  expect(body.errors[0]?.message).toContain('VaultActions_API_Access');
});

test('without the jobs permissions only the job calls fail', async () => {
  const vault = await startVault();
  const { username, password } = vault.state.users.withoutJobsAccess;
  const send = vault.as((await vault.login({ username, password })).body.sessionId);
  expect((await send('GET', '/objects/users/me')).body.responseStatus).toBe('SUCCESS');
  const jobCalls = [
    ['GET', '/services/jobs/monitors'],
    ['GET', '/services/jobs/histories'],
    ['GET', '/services/jobs/1'],
    ['GET', '/services/jobs/1/tasks'],
    ['POST', '/services/jobs/start_now/1'],
    ['POST', '/services/jobs/actions/cancel'],
  ] as const;
  for (const [method, path] of jobCalls) expect(errorType(await send(method, path)), path).toBe('INSUFFICIENT_ACCESS');
});

test('Configuration Mode rejects all users but administrators', async () => {
  const vault = await startVaultWithSession({ switches: { configurationMode: true } });
  expect(errorType(await vault.get('/services/jobs/monitors'))).toBe('CONFIGURATION_MODE_ENABLED');
  const { username, password } = vault.state.users.administrator;
  const send = vault.as((await vault.login({ username, password })).body.sessionId);
  expect((await send('GET', '/services/jobs/monitors')).body.responseStatus).toBe('SUCCESS');
});

test('a Vault may insist on a well-formed client id', async () => {
  const vault = await startVaultWithSession({ switches: { requireClientId: true } });
  const withClientId = (clientId: string) => vault.send('GET', '/objects/users/me', { headers: { 'X-VaultAPI-ClientID': clientId } });
  expect(errorType(await vault.get('/objects/users/me'))).toBe('INSUFFICIENT_ACCESS');
  expect(errorType(await withClientId('not well formed'))).toBe('INSUFFICIENT_ACCESS');
  expect(errorType(await withClientId('x'.repeat(101)))).toBe('INSUFFICIENT_ACCESS');
  expect((await withClientId('northwind-it-jobs-server1-jobyard')).body.responseStatus).toBe('SUCCESS');
});
