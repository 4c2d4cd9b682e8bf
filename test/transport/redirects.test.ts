import { describe, expect, test } from 'vitest';
import type { WireResponse } from '../../src/transport/exchange.ts';
import { describeStatus, mayBeCarriedOut } from '../../src/transport/failures.ts';
import { connect } from './client.ts';
import { startServer } from './start-server.ts';

function redirect(location: string | undefined, status = 302): string {
  const answer: WireResponse = { status, headers: { location }, text: '' };
  const problem = describeStatus('vendor', answer);
  expect(problem).toMatchObject({ code: 'INVALID_VENDOR_RESPONSE', retryable: false });
  return problem.message;
}

const advice = "Jobyard doesn't follow redirects: set url to the API itself, not to a sign-in page or proxy.";

describe('a redirect', () => {
  test.each([300, 301, 302, 303, 307, 308])("(HTTP %d) isn't followed, neither for a read nor for an action", async (status) => {
    const elsewhere = await startServer((_request, response) => void response.end('{}'));
    const server = await startServer((_request, response) => void response.writeHead(status, { location: elsewhere.origin }).end());
    const client = connect(server.origin);
    expect(await client.read()).toMatchObject({ answered: true, status });
    expect(await client.act()).toMatchObject({ answered: true, status });
    expect(server.requests).toHaveLength(2);
    expect(elsewhere.connections()).toBe(0);
    expect(redirect('/login', status)).toBe(`vendor redirected the request to /login (HTTP ${status}). ${advice}`);
  });

  test.each([
    ['https://sso.example/login', 'https://sso.example/login'],
    ['https://sso.example/login?RelayState=secret#secret', 'https://sso.example/login'],
    ['https://sso.example/login;jsessionid=secret', 'https://sso.example/login'],
    ['https://svc:secret@sso.example/login', 'https://sso.example/login'],
    ['//svc:secret@sso.example/login', '//sso.example/login'],
    ['https:\\\\svc:secret@sso.example\\login', 'https:\\\\sso.example\\login'],
    ['https:svc:secret@sso.example/login', 'https:sso.example/login'],
    ['https:/svc:secret@sso.example/login', 'https:/sso.example/login'],
    ['https:///svc:secret@sso.example/login', 'https:///sso.example/login'],
    ['/\t/svc:secret@sso.example/login', '//sso.example/login'],
    ['/people/@me', '/people/@me'],
    ['/a\u0000b\tc\u009dd', '/a bc d'],
    [`/${'x'.repeat(5000)}`, `/${'x'.repeat(198)}…`],
  ])('to %j is reported with its location only', (location, shown) => {
    expect(redirect(location)).toBe(`vendor redirected the request to ${shown} (HTTP 302). ${advice}`);
  });

  test.each([undefined, '', '?token=secret'])('without a location (%j) is reported, too', (location) => {
    expect(redirect(location)).toBe(`vendor redirected the request (HTTP 302). ${advice}`);
  });
});

test.each([
  [200, true],
  [301, false],
  [302, false],
  [303, true],
  [307, false],
  [400, false],
  [404, false],
  [408, true],
  [429, false],
  [500, true],
  [503, true],
])('an action with the response HTTP %d may have been performed: %s', (status, may) => {
  expect(mayBeCarriedOut(status)).toBe(may);
});
