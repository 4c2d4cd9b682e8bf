import { describe, expect, test } from 'vitest';
import { errorsIn, load, withSystem } from './load.ts';

describe('an invalid value', () => {
  test.each([
    ['host: ""', 'host: expected a host name or address, got ""'],
    ['host: 4', 'host: expected a host name or address, got 4'],
    ['port: 70000', 'port: expected a port from 0 to 65535, got 70000'],
    ['port: -1', 'port: expected a port from 0 to 65535, got -1'],
    ['port: 1.5', 'port: expected a port from 0 to 65535, got 1.5'],
    ['port: abc', 'port: expected a port from 0 to 65535, got "abc"'],
    ['port: ""', 'port: expected a port from 0 to 65535, got ""'],
    ['port: true', 'port: expected a port from 0 to 65535, got true'],
    ['port: ~', 'port: expected a port from 0 to 65535, got nothing'],
    ['deadlineMs: 5', 'deadlineMs: expected 1000 to 300000 milliseconds, got 5'],
    ['deadlineMs: 300001', 'deadlineMs: expected 1000 to 300000 milliseconds, got 300001'],
    ['deadlineMs: "9000"', 'deadlineMs: expected 1000 to 300000 milliseconds, got "9000"'],
  ])('of the server, %s, is reported with the expected value', (value, error) => {
    expect(errorsIn(`server: { ${value} }\n${withSystem('')}`)).toEqual([`server.${error}`]);
  });

  test('for the whole server', () => {
    expect(errorsIn(`server: x\n${withSystem('')}`)).toEqual(['server: expected object, got "x"']);
  });

  test.each([
    ['title: ""', 'title: expected text, got ""'],
    ['title: 10', 'title: expected text, got 10'],
    ['timeoutMs: 99', 'timeoutMs: expected 100 to 300000 milliseconds, got 99'],
    ['timeoutMs: 300001', 'timeoutMs: expected 100 to 300000 milliseconds, got 300001'],
    ['timeoutMs: 1.5', 'timeoutMs: expected 100 to 300000 milliseconds, got 1.5'],
    ['timeoutMs: 5s', 'timeoutMs: expected 100 to 300000 milliseconds, got "5s"'],
    ['concurrency: 0', 'concurrency: expected 1 to 64 requests, got 0'],
    ['concurrency: 65', 'concurrency: expected 1 to 64 requests, got 65'],
    ['concurrency: []', 'concurrency: expected 1 to 64 requests, got an empty list'],
    ['maxResponseBytes: 1023', 'maxResponseBytes: expected 1024 to 1073741824 bytes, got 1023'],
    ['scanLimit: 0', 'scanLimit: expected 1 to 1000000 jobs, got 0'],
    ['scanLimit: {}', 'scanLimit: expected 1 to 1000000 jobs, got an object'],
    ['links: x', 'links: expected a list of links, got "x"'],
    ['links: [{ title: Page }]', 'links[0].url: expected a URL, got nothing'],
    ['links: [{ title: "", url: "https://h/{vendorId}" }]', 'links[0].title: expected text, got ""'],
    [
      'links: [{ title: Page, url: "javascript:x({vendorId})" }]',
      'links[0].url: expected an http or https URL without username and password, got "javascript:x({vendorId})"',
    ],
    [
      'links: [{ title: Page, url: "https://h/{job}" }]',
      'links[0].url: expected only the placeholders {vendorId} and {scope}, not {job}, got "https://h/{job}"',
    ],
    ['links: [{ title: Page, url: "https://h/{vendorId}", ulr: x }]', 'links[0].ulr: unknown key'],
  ])('of a system, %s, is reported with the expected value', (value, error) => {
    expect(errorsIn(withSystem(value))).toEqual([`systems[0].${error}`]);
  });

  test.each([
    ['ftp://h', 'expected an http or https URL, got "ftp://h"'],
    ['kylin.example:7070', 'expected an http or https URL, got "kylin.example:7070"'],
    ['', 'expected an http or https URL, got ""'],
    ['svc:hunter2@h', 'expected an http or https URL, got "…@h"'],
    ['ftp://svc:hunter2@h', 'expected an http or https URL, got "ftp://…@h"'],
    ['http://svc:hunter2@h', 'expected a URL without user name, password, ? and # (secrets have separate keys)'],
    ['http://h/?securityCode=hunter2', 'expected a URL without user name, password, ? and # (secrets have separate keys)'],
    ['http://h/#x', 'expected a URL without user name, password, ? and # (secrets have separate keys)'],
  ])('of a url, %s, is reported without its password', (url, error) => {
    expect(errorsIn(`systems: [{ id: k, vendor: kinetica, url: "${url}" }]`)).toEqual([`systems[0].url: ${error}`]);
  });

  test('of the log level is reported with the valid levels', () => {
    const message = 'log.level: expected one of trace, debug, info, warn, error, fatal, silent, got "loud"';
    expect(errorsIn(`log: { level: loud }\n${withSystem('')}`)).toEqual([message]);
    expect(errorsIn(`log: { levl: info }\n${withSystem('')}`)).toEqual(['log.levl: unknown key (did you mean "level"?)']);
    expect(load(withSystem('')).log).toEqual({ level: 'info' });
  });

  test('that is long is truncated', () => {
    const [error] = errorsIn(`systems: [{ id: "${'A'.repeat(500)}", vendor: kinetica, url: "http://h" }]`);
    expect(error).toMatch(/got "A+\.\.\.$/);
    expect(error?.length).toBeLessThan(160);
  });
});

describe('an unknown key', () => {
  test('at the top level gets the nearest known key as a suggestion', () => {
    expect(errorsIn(`serber: {}\n${withSystem('')}`)).toEqual(['serber: unknown key (did you mean "server"?)']);
    expect(errorsIn(`zzzzzzzzzz: 1\n${withSystem('')}`)).toEqual([
      expect.stringMatching(/^zzzzzzzzzz: unknown key \(known: server, .*\)$/),
    ]);
  });

  test('of the server gets the nearest known key as a suggestion', () => {
    expect(errorsIn(`server: { prot: 1, deadlineMS: 1 }\n${withSystem('')}`)).toEqual([
      'server.prot: unknown key (did you mean "port"?)',
      'server.deadlineMS: unknown key (did you mean "deadlineMs"?)',
    ]);
  });

  test("of a system gets the nearest known key as a suggestion, including its vendor's", () => {
    expect(errorsIn(withSystem('timeoutMS: 5000, usernam: x, tokn: y, zzzzzzzzzz: 1'))).toEqual([
      'systems[0].timeoutMS: unknown key (did you mean "timeoutMs"?)',
      'systems[0].usernam: unknown key (did you mean "username"?)',
      'systems[0].tokn: unknown key (did you mean "token"?)',
      expect.stringMatching(/^systems\[0\]\.zzzzzzzzzz: unknown key \(known: id, vendor, title, url, .*username, password, token.*\)$/),
    ]);
  });

  test('of another vendor is unknown, too', () => {
    expect(errorsIn(withSystem('libraries: [a]'))).toEqual([expect.stringMatching(/^systems\[0\]\.libraries: unknown key/)]);
  });

  test.each(['__proto__', 'constructor', 'toString'])('called %s is one like any other', (key) => {
    expect(errorsIn(withSystem(`${key}: { a: 1 }`))).toEqual([expect.stringContaining(`systems[0].${key}: unknown key`)]);
    expect(errorsIn(`${key}: { a: 1 }\n${withSystem('')}`)).toEqual([expect.stringContaining(`${key}: unknown key`)]);
  });
});

describe('the required settings of a vendor', () => {
  const url = 'url: "http://h"';
  const noSecret = 'expected { env: NAME } or { file: PATH } (the configuration never contains secrets), got nothing';

  test.each(['kylin', 'veeva-vault'])('%s: a user and a password', (vendor) => {
    expect(errorsIn(`systems: [{ id: k, vendor: ${vendor}, ${url} }]`)).toEqual([
      expect.stringMatching(/^systems\[0\]\.username: expected .*, got nothing$/),
      `systems[0].password: ${noSecret}`,
    ]);
  });

  test.each([
    ['kinetica: a password beside a user', 'kinetica', 'username: admin', /^systems\[0\]\.password: .*, got nothing$/],
    ['kinetica: a user beside a password', 'kinetica', 'password: { env: SECRET }', /^systems\[0\]\.username: .*, got nothing$/],
    [
      'kinetica: not both ways to log in',
      'kinetica',
      'username: a, password: { env: SECRET }, token: { env: SECRET }',
      /^systems\[0\]\.token: .*, got an object$/,
    ],
    ['aodocs: a way to log in', 'aodocs', 'libraries: [a]', /^systems\[0\]\.securityCode: .*token.*, got nothing$/],
    [
      'aodocs: not both ways to log in',
      'aodocs',
      'libraries: [a], securityCode: { env: SECRET }, token: { env: SECRET }',
      /^systems\[0\]\.token: .*, got an object$/,
    ],
    ['aodocs: libraries', 'aodocs', 'securityCode: { env: SECRET }', /^systems\[0\]\.libraries: .*, got nothing$/],
    ['aodocs: at least one library', 'aodocs', 'securityCode: { env: SECRET }, libraries: []', /^systems\[0\]\.libraries.*, got nothing$/],
    [
      'aodocs: libraries that are ids',
      'aodocs',
      'securityCode: { env: SECRET }, libraries: [a b]',
      /^systems\[0\]\.libraries\[0\]: .*, got "a b"$/,
    ],
    [
      'veeva-vault: a version of the API',
      'veeva-vault',
      'version: v1, username: u, password: { env: SECRET }',
      /^systems\[0\]\.version: expected an API version such as v26\.1, got "v1"$/,
    ],
    [
      'veeva-vault: a version that is text',
      'veeva-vault',
      'version: 26.1, username: u, password: { env: SECRET }',
      /^systems\[0\]\.version: expected .*, got 26\.1$/,
    ],
  ])('%s', (_what, vendor, keys, error) => {
    expect(errorsIn(`systems: [{ id: k, vendor: ${vendor}, ${url}, ${keys} }]`, { SECRET: 'x' })).toEqual([expect.stringMatching(error)]);
  });
});

test('all errors of a file are reported at once, in order', () => {
  const yaml = `server: { port: x, hots: y }
sistems: []
systems:
  - { id: A, vendor: kylin, url: "http://h", username: u, password: hunter2 }
  - { id: b, vendor: nobody, url: h }
  - hello
`;
  expect(errorsIn(yaml)).toEqual([
    'sistems: unknown key (did you mean "systems"?)',
    'server.port: expected a port from 0 to 65535, got "x"',
    'server.hots: unknown key (did you mean "host"?)',
    'systems[0].id: expected a name of the form [a-z][a-z0-9-]*, got "A"',
    'systems[0].password: expected { env: NAME } or { file: PATH } (the configuration never contains secrets), got something else',
    'systems[1].url: expected an http or https URL, got "h"',
    expect.stringMatching(/^systems\[1\]\.vendor: expected a vendor, got "nobody" \(known: /),
    'systems[2]: expected a system, got "hello"',
  ]);
});
