import { expect, test } from 'vitest';
import { type Answer, errorType, startVault, startVaultWithSession } from './sandbox-client.ts';

const burst = ({ headers }: Answer) => ({
  limit: headers.get('x-vaultapi-burstlimit'),
  remaining: headers.get('x-vaultapi-burstlimitremaining'),
  delayMs: headers.get('x-vaultapi-responsedelay'),
});

test('allows one read of a status in ten seconds, and a rejected read does not extend them', async () => {
  const vault = await startVaultWithSession();
  const [one, other] = vault.state.addJobs(2, { frozen: true });
  const read = async (id?: number) => errorType(await vault.get(`/services/jobs/${id}`)) ?? 'read';
  expect(await read(one)).toBe('read');
  vault.clock.advance(9_999);
  const refused = await vault.get(`/services/jobs/${one}`);
  expect([refused.status, errorType(refused)]).toEqual([200, 'API_LIMIT_EXCEEDED']);
  expect(await read(other)).toBe('read');
  vault.clock.advance(1);
  expect(await read(one)).toBe('read');
  expect(await read(one)).toBe('API_LIMIT_EXCEEDED');
});

test('a rejected read extends the ten seconds if the switch demands it', async () => {
  const vault = await startVaultWithSession({ switches: { rejectedReadExtends: true, limitExceededStatus: 429 } });
  const id = vault.state.addJob({ frozen: true });
  await vault.get(`/services/jobs/${id}`);
  vault.clock.advance(9_999);
  expect((await vault.get(`/services/jobs/${id}`)).status).toBe(429);
  vault.clock.advance(9_999);
  expect((await vault.get(`/services/jobs/${id}`)).status).toBe(429);
  vault.clock.advance(10_000);
  expect((await vault.get(`/services/jobs/${id}`)).status).toBe(200);
});

test('the ten seconds apply to all sessions together, or to each', async () => {
  const vault = await startVaultWithSession();
  const id = vault.state.addJob({ frozen: true });
  const otherSession = vault.as((await vault.login()).body.sessionId);
  const readAsOther = async () => errorType(await otherSession('GET', `/services/jobs/${id}`)) ?? 'read';
  await vault.get(`/services/jobs/${id}`);
  expect(await readAsOther()).toBe('API_LIMIT_EXCEEDED');
  vault.clock.advance(10_000);
  vault.switches.statusReadLimit = 'per_job_and_session';
  await vault.get(`/services/jobs/${id}`);
  expect(await readAsOther()).toBe('read');
  expect(await readAsOther()).toBe('API_LIMIT_EXCEEDED');
});

test('unknown jobs, tasks, lists and actions are not under the ten-second rule', async () => {
  const vault = await startVaultWithSession();
  const id = vault.state.addJob({ frozen: true });
  await vault.get(`/services/jobs/${id}`);
  for (let time = 1; time <= 2; time += 1) {
    expect((await vault.get(`/services/jobs/${id}/tasks`)).body.responseStatus).toBe('SUCCESS');
    expect((await vault.get('/services/jobs/monitors')).body.responseStatus).toBe('SUCCESS');
    expect(errorType(await vault.get('/services/jobs/1'))).toBe('INVALID_DATA');
  }
});

test('the general burst limit counts all sessions, then delays responses, and restarts every five minutes', async () => {
  const vault = await startVaultWithSession({ switches: { burstLimit: 3, throttleDelayMs: 30 } });
  const other = vault.as((await vault.login()).body.sessionId);
  expect(burst(await vault.get('/objects/users/me'))).toEqual({ limit: '3', remaining: '2', delayMs: null });
  expect(burst(await other('GET', '/objects/users/me'))).toEqual({ limit: '3', remaining: '1', delayMs: null });
  expect(burst(await vault.get('/services/jobs/1'))).toEqual({ limit: '3', remaining: '0', delayMs: null });
  const sentAtMs = performance.now();
  const late = await vault.get('/objects/users/me');
  // Timers may fire a millisecond early.
  expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(29);
  expect(late.body.responseStatus).toBe('SUCCESS');
  expect(burst(late)).toEqual({ limit: '3', remaining: '0', delayMs: '30' });
  vault.clock.advance(5 * 60_000);
  expect(burst(await vault.get('/objects/users/me'))).toEqual({ limit: '3', remaining: '2', delayMs: null });
});

test('delays logins from half of their limit, and rejects them beyond it, per user and minute', async () => {
  const vault = await startVault({ switches: { loginLimit: 4, throttleDelayMs: 1 } });
  const uses: unknown[] = [];
  for (let login = 1; login <= 4; login += 1) uses.push(burst(await vault.login()));
  expect(uses).toEqual([
    { limit: '4', remaining: '3', delayMs: null },
    { limit: '4', remaining: '2', delayMs: null },
    { limit: '4', remaining: '1', delayMs: '1' },
    { limit: '4', remaining: '0', delayMs: '1' },
  ]);
  expect(errorType(await vault.login())).toBe('API_LIMIT_EXCEEDED');
  expect(errorType(await vault.login({ vaultDNS: new URL(vault.url).host }))).toBe('API_LIMIT_EXCEEDED');
  const { username, password } = vault.state.users.administrator;
  expect((await vault.login({ username, password })).body.responseStatus).toBe('SUCCESS');
  expect((await vault.login({ vaultDNS: 'pm-northwind.veevavault.com' })).body.responseStatus).toBe('SUCCESS');
  vault.clock.advance(60_000);
  expect((await vault.login()).body.responseStatus).toBe('SUCCESS');
});

test('logins by way of an identity provider are not limited', async () => {
  const vault = await startVault({ switches: { loginLimit: 1 } });
  const headers = { authorization: `Bearer ${vault.state.users.integration.identityToken}` };
  for (let login = 1; login <= 3; login += 1) {
    expect((await vault.call('POST', '/auth/oauth/session/_1', { headers })).body.responseStatus).toBe('SUCCESS');
  }
});
