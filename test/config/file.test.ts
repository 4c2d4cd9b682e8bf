import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { vendors } from '../../src/vendors/index.ts';
import { errorsIn, load, readConfig, withSystem, writeTemporaryFile } from './load.ts';

const known = `(known: ${vendors.map(({ name }) => name).join(', ')})`;

describe('a configuration file', () => {
  test('gets defaults for omitted keys', () => {
    const { server, systems } = load(withSystem(''));
    expect(server).toMatchObject({ host: '127.0.0.1', port: 4000, deadlineMs: 25_000 });
    expect(systems).toHaveLength(1);
    expect(systems?.[0]).toMatchObject({
      id: 'k',
      title: 'Kinetica',
      url: 'http://h:9191',
      timeoutMs: 15_000,
      concurrency: 4,
      maxResponseBytes: 16 * 1024 * 1024,
      scanLimit: 10_000,
    });
  });

  test('overrides the defaults', () => {
    const { server, systems } = load(
      `server: { host: localhost, port: 4001, deadlineMs: 9000 }\n${withSystem('title: Big, timeoutMs: 100, concurrency: 64, maxResponseBytes: 1024, scanLimit: 1')}`,
    );
    expect(server).toMatchObject({ host: 'localhost', port: 4001, deadlineMs: 9000 });
    expect(systems?.[0]).toMatchObject({ title: 'Big', timeoutMs: 100, concurrency: 64, maxResponseBytes: 1024, scanLimit: 1 });
  });

  test('may start with a byte order mark and have Windows line endings', () => {
    expect(load(`\uFEFF${withSystem('title: Zoë')}`.replaceAll('\n', '\r\n')).systems).toMatchObject([{ id: 'k', title: 'Zoë' }]);
  });

  test.each([
    ['UTF-16', Buffer.from(`\uFEFF${withSystem('')}`, 'utf16le'), 'is in UTF-16; save it as UTF-8'],
    ['Latin-1', Buffer.from(withSystem('title: Zoë'), 'latin1'), 'is not in UTF-8; save it as UTF-8'],
  ])('in %s is an error that names the encoding', (_coding, bytes, state) => {
    const file = writeTemporaryFile(bytes);
    expect(readConfig(['--config', file], {})).toEqual({ errors: [`${file}: expected a configuration file, it ${state}`] });
  });

  test('may have several systems of one vendor', () => {
    const { systems } = load(`${withSystem('')}  - { id: k2, vendor: kinetica, url: "https://h2:8082/gpudb-0" }\n`);
    expect(systems?.map(({ id, vendor }) => [id, vendor.name])).toEqual([
      ['k', 'kinetica'],
      ['k2', 'kinetica'],
    ]);
  });

  test('with every documented key is accepted', () => {
    const secret = writeTemporaryFile('vault-password\n', 'vault');
    const { systems } = load(
      `server: { host: 127.0.0.1, port: 4000 }
systems:
  - { id: kylin-prod, vendor: kylin, title: Kylin, url: "https://kylin.example:7070/kylin/api", username: svc, password: { env: KYLIN_PASSWORD } }
  - { id: vault, vendor: veeva-vault, url: "https://acme.veevavault.com", version: v26.1, username: svc@acme.com, password: { file: ${secret} } }
  - { id: kinetica, vendor: kinetica, url: "http://kinetica.example:9191", username: admin, password: { env: KINETICA_PASSWORD } }
  - { id: aodocs, vendor: aodocs, url: "https://aodocs.altirnao.com/api", securityCode: { env: AODOCS_CODE }, domain: acme.com, libraries: [Rk31ZqV8dPxUe5NnAa] }
`,
      { KYLIN_PASSWORD: 'a', KINETICA_PASSWORD: 'b', AODOCS_CODE: 'c' },
    );
    expect(systems?.map(({ settings }) => settings)).toMatchObject([
      { username: 'svc', password: 'a' },
      { version: 'v26.1', username: 'svc@acme.com', password: 'vault-password' },
      { username: 'admin', password: 'b' },
      { securityCode: 'c', domain: 'acme.com', libraries: ['Rk31ZqV8dPxUe5NnAa'] },
    ]);
  });
});

describe("a file that isn't a configuration", () => {
  test.each([
    ['has nothing in it', ''],
    ['has only a comment', '# later\n'],
    ['has only a null', '~\n'],
  ])('%s is reported as empty', (_what, yaml) => {
    expect(errorsIn(yaml)).toEqual([expect.stringMatching(/^expected the keys server, .*systems.*, the file is empty$/)]);
  });

  test.each([
    ['a list', '- a', 'a list'],
    ['text', 'hello', '"hello"'],
    ['a number', '12', '12'],
  ])('with %s is reported as such', (_what, yaml, came) => {
    expect(errorsIn(yaml)).toEqual([expect.stringMatching(/^expected the keys server, .*systems/)]);
    expect(errorsIn(yaml)[0]).toMatch(new RegExp(`, got ${came}$`));
  });

  test.each([
    ['a list that does not end', 'systems: [a', 'at line 1, column 12'],
    ['a tab for an indentation', 'server:\n\tport: 1', 'at line 2, column 1'],
    ['a key twice', 'server: {}\nserver: {}', 'Map keys must be unique at line 2, column 1'],
    ['two documents', 'a: 1\n---\nb: 2', 'at line 2, column 1'],
    ['an alias of nothing', 'server: *nothing', 'nothing'],
  ])('with broken YAML, %s, is reported with the place', (_what, yaml, where) => {
    const errors = errorsIn(yaml);
    expect(errors).toEqual([expect.stringMatching(/^expected YAML, [^\n]+$/)]);
    expect(errors[0]).toContain(where);
  });

  test('is rejected if its aliases expand to too much', () => {
    const levels = Array.from({ length: 12 }, (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`);
    expect(errorsIn(`a0: &a0 [x]\n${levels.join('\n')}`)).toEqual([expect.stringMatching(/^expected YAML, .*alias/i)]);
  });

  test('may be missing', () => {
    expect(readConfig(['--config', '/nowhere/jobyard.yaml'], {})).toEqual({
      errors: ["/nowhere/jobyard.yaml: expected a configuration file, it can't be read (ENOENT)"],
    });
  });

  test('may be a folder', () => {
    const folder = tmpdir();
    expect(readConfig([], { JOBYARD_CONFIG: folder })).toEqual({
      errors: [`${folder}: expected a configuration file, it can't be read (EISDIR)`],
    });
  });
});

describe('systems', () => {
  test.each([
    ['missing', 'server: {}', 'nothing'],
    ['left empty', 'systems:', 'nothing'],
    ['an empty list', 'systems: []', 'an empty list'],
    ['a map', 'systems: { kylin: { password: hunter2 } }', 'an object'],
    ['text', 'systems: hello', '"hello"'],
  ])('that are %s are an error', (_what, yaml, came) => {
    expect(errorsIn(yaml)).toEqual([`systems: expected a list of at least one system, got ${came}`]);
  });

  test("that aren't objects are an error each", () => {
    expect(errorsIn('systems: [hello, ~, 3, []]')).toEqual([
      'systems[0]: expected a system, got "hello"',
      'systems[1]: expected a system, got nothing',
      'systems[2]: expected a system, got 3',
      'systems[3]: expected a system, got an empty list',
    ]);
  });

  test('require an id, a vendor, and a url', () => {
    expect(errorsIn('systems: [{}]')).toEqual([
      'systems[0].id: expected a name, got nothing',
      'systems[0].vendor: expected a vendor, got nothing',
      'systems[0].url: expected an http or https URL, got nothing',
    ]);
  });

  test.each(['Kylin', '1st', '-a', 'a b', 'a:b', 'a_b', 'é'])('can not be called %s', (id) => {
    const error = `systems[0].id: expected a name of the form [a-z][a-z0-9-]*, got "${id}"`;
    expect(errorsIn(`systems: [{ id: "${id}", vendor: kinetica, url: "http://h" }]`)).toEqual([error]);
  });

  test('require unique IDs, also beside other errors', () => {
    const first = 'systems:\n  - { id: k, vendor: kinetica, url: "http://h", timeoutMs: 1 }\n';
    expect(errorsIn(`${first}  - { id: k, vendor: kinetica, url: "http://h2" }\n`)).toEqual([
      'systems[0].timeoutMs: expected 100 to 300000 milliseconds, got 1',
      'systems[1].id: expected a unique name, "k" is taken',
    ]);
  });

  test.each([
    ['kinetcia', '(did you mean "kinetica"?)'],
    ['Kylin', '(did you mean "kylin"?)'],
    ['veeva', known],
    ['oracle', known],
  ])('of the unknown vendor %s get a suggestion', (vendor, hint) => {
    expect(errorsIn(`systems: [{ id: a, vendor: ${vendor}, url: "http://h" }]`)).toEqual([
      `systems[0].vendor: expected a vendor, got "${vendor}" ${hint}`,
    ]);
  });
});
