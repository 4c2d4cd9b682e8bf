import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { findVendors } from '../../src/config/vendors.ts';

/** The folder of a configuration file, deleted with the test. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobyard-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const kit = new URL('../../src/vendors/vendor.ts', import.meta.url).href;
const zod = import.meta.resolve('zod');

/** A module with a vendor. `changes`: JavaScript that replaces its parts. */
function moduleOf(changes = ''): string {
  return `import { defineVendor } from '${kit}';
import { z } from '${zod}';
export default defineVendor({
  contractVersion: 1,
  name: 'nightrun',
  title: 'Nightrun',
  settings: (secret) => z.strictObject({ token: secret, queues: z.array(z.string()).default([]) }),
  secrets: ({ token }) => [token],
  offersPassthrough: false,
  defaults: { concurrency: 3, timeoutMs: 4_000 },
  createAdapter() { throw new Error('Not connected here'); },
  ${changes}
});
`;
}

/** What the configuration loads, or its errors without the name of the file. */
async function load(systems: string, environment = { TOKEN: 'swordfish' }) {
  const file = join(folder, 'jobyard.yaml');
  writeFileSync(file, `systems: [${systems}]`);
  const config = await loadConfig(['--config', file], environment);
  if (!('errors' in config)) return config.systems;
  return config.errors.map((error) => error.replace(`${file}: `, '').replaceAll(folder, 'FOLDER'));
}

const systemOf = (vendor: string, more = 'url: "http://h"') => `{ id: n, vendor: "${vendor}", token: { env: TOKEN }, ${more} }`;

describe('a vendor that is not one of Jobyard', () => {
  test('is a file, relative to the configuration file', async () => {
    write('adapters/nightrun.mjs', moduleOf());
    expect(await load(systemOf('./adapters/nightrun.mjs'))).toMatchObject([
      {
        id: 'n',
        title: 'Nightrun',
        url: 'http://h',
        concurrency: 3,
        timeoutMs: 4_000,
        vendor: { name: 'nightrun' },
        settings: { token: 'swordfish', queues: [] },
      },
    ]);
  });

  test.each([
    ['@acme/jobyard-nightrun', '"exports": { ".": { "import": "./main.mjs" } }'],
    ['@acme/jobyard-nightrun', '"exports": "./main.mjs"'],
    ['@acme/jobyard-nightrun/main.mjs', '"version": "1.0.0"'],
    ['jobyard-nightrun', '"main": "main.mjs"'],
  ])('is a package that is installed next to the configuration file: %s with %s', async (name, manifest) => {
    const root = `node_modules/${name.replace('/main.mjs', '')}`;
    write(`${root}/package.json`, `{ "name": "x", ${manifest} }`);
    write(`${root}/main.mjs`, moduleOf());
    expect(await load(systemOf(name))).toMatchObject([{ vendor: { name: 'nightrun' } }]);
  });

  test('is the same for all systems that name it, by any path', async () => {
    write('nightrun.mjs', moduleOf());
    const systems = await load(
      `${systemOf('./nightrun.mjs')}, { id: m, vendor: "./x/../nightrun.mjs", token: { env: TOKEN }, url: "http://h" }`,
    );
    expect(systems).toMatchObject([{ vendor: { name: 'nightrun' } }, { vendor: { name: 'nightrun' } }]);
  });

  test('has settings with the errors of any vendor', async () => {
    write('nightrun.mjs', moduleOf());
    expect(await load(systemOf('./nightrun.mjs', 'url: "http://h", queuse: [a], timeoutMs: 1'))).toEqual([
      'systems[0].timeoutMs: expected 100 to 300000 milliseconds, got 1',
      'systems[0].queuse: unknown key (did you mean "queues"?)',
    ]);
    expect(await load('{ id: n, vendor: ./nightrun.mjs, url: "http://h", token: swordfish }')).toEqual([
      'systems[0].token: expected { env: NAME } or { file: PATH } (the configuration never contains secrets), got something else',
    ]);
    expect(await load(systemOf('./nightrun.mjs', 'url: "http://h", credentials: passthrough'))).toEqual([
      'systems[0].credentials: expected configured (Nightrun doesn\'t support callers\' own credentials), got "passthrough"',
    ]);
  });
});

describe('the url', () => {
  test.each([
    ["['redis', 'rediss']", 'url: "redis://h:6379/0"', null],
    ["['redis', 'rediss']", 'url: "http://h"', 'systems[0].url: expected a redis or rediss URL, got "http://h"'],
    ["['redis', 'rediss']", 'title: A', 'systems[0].url: expected a redis or rediss URL, got nothing'],
    [
      "['redis']",
      'url: "redis://me:swordfish@h"',
      'systems[0].url: expected a URL without user name, password, ? and # (secrets have separate keys)',
    ],
    ["['amqp+tls', 'unix']", 'url: "unix:/run/queue"', null],
    ["['amqp+tls', 'unix']", 'url: "amqpptls://h"', 'systems[0].url: expected an amqp+tls or unix URL, got "amqpptls://h"'],
    ['[]', 'title: A', null],
    ['[]', 'url: "http://h"', 'systems[0].url: expected no url, as this vendor has none, got "http://h"'],
    ['undefined', 'url: "redis://h"', 'systems[0].url: expected an http or https URL, got "redis://h"'],
  ])('of a vendor with the schemes %s: %s', async (schemes, key, error) => {
    write('nightrun.mjs', moduleOf(`urlSchemes: ${schemes},`));
    const loaded = await load(systemOf('./nightrun.mjs', key));
    if (error !== null) expect(loaded).toEqual([error]);
    else expect(loaded).toMatchObject([{ url: /url: "(.*)"/.exec(key)?.[1] ?? '' }]);
  });
});

describe('a vendor that can not be used', () => {
  const importing = 'expected a module with an adapter, importing ./nightrun.mjs failed:';

  test.each([
    ['throws', "throw new Error('no\\n  license');", `${importing} no license`],
    ['throws no error', "throw 'no license';", `${importing} no license`],
    ['is not JavaScript', 'export default {', `${importing} `],
    ['needs a package that is missing', "import 'jobyard-missing-package';", `${importing} `],
    [
      'exports nothing',
      'export const vendor = 1;',
      'expected ./nightrun.mjs to export by default what defineVendor of jobyard/adapter returns, got no default export',
    ],
    [
      'exports something else',
      'export default () => 1;',
      'expected ./nightrun.mjs to export by default what defineVendor of jobyard/adapter returns, got a function',
    ],
    [
      'is not made with defineVendor',
      "export default { contractVersion: 1, name: 'x' };",
      'expected ./nightrun.mjs to export by default what defineVendor of jobyard/adapter returns, got another object',
    ],
    ['has no contract version', moduleOf('contractVersion: undefined,'), 'expected ./nightrun.mjs to have contractVersion: 1, got nothing'],
    [
      'is for another contract version',
      moduleOf('contractVersion: 2,'),
      'expected an adapter for version 1 of the contract, ./nightrun.mjs is for version 2. Install a version of it for Jobyard 0.1.0',
    ],
    [
      'has a name of another form',
      moduleOf("name: 'Night run',"),
      'expected a vendor, ./nightrun.mjs.name: expected a name of the form [a-z][a-z0-9-]*, got "Night run"',
    ],
    ['lacks a part', moduleOf('secrets: undefined,'), 'expected a vendor, ./nightrun.mjs.secrets: expected a function, got nothing'],
    [
      'has defaults of another kind',
      moduleOf("defaults: { concurrency: '4', timeoutMs: 1 },"),
      'expected a vendor, ./nightrun.mjs.defaults.concurrency: expected a whole number, got "4"',
    ],
    [
      'has the name of a vendor of Jobyard',
      moduleOf("name: 'kylin',"),
      'expected a vendor with a name of its own, ./nightrun.mjs is named "kylin", like a vendor of Jobyard',
    ],
  ])('because it %s is an error without a stack', async (_what, text, obstacle) => {
    write('nightrun.mjs', text);
    const errors = await load(systemOf('./nightrun.mjs', 'url: "redis://h"'));
    expect(errors).toHaveLength(1);
    expect(String(errors?.[0])).toContain(`systems[0].vendor: ${obstacle}`);
    expect(String(errors?.[0])).not.toMatch(/\n|\bat file:/);
  });

  test('because its code never ends is an error', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    write('nightrun.mjs', 'await new Promise(() => {});');
    const loading = load(systemOf('./nightrun.mjs', 'url: "redis://h"'));
    await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0);
    vi.advanceTimersByTime(20_000);
    expect(await loading).toEqual([`systems[0].vendor: ${importing} its code didn't end within 20 seconds`]);
  });

  test('because another one has its name is an error', async () => {
    write('a.mjs', moduleOf());
    write('b.mjs', moduleOf());
    const other = '{ id: m, vendor: ./b.mjs, token: { env: TOKEN }, url: "http://h" }';
    expect(await load(`${systemOf('./a.mjs')}, ${other}`)).toEqual([
      'systems[1].vendor: expected a vendor with a name of its own, ./b.mjs is named "nightrun", like ./a.mjs',
    ]);
  });

  test('because its schema throws is an error', async () => {
    write('nightrun.mjs', moduleOf("settings() { throw new Error('no schema'); },"));
    expect(await load(systemOf('./nightrun.mjs'))).toEqual([
      'systems[0]: expected settings that nightrun can check, its schema threw no schema',
    ]);
  });

  test.each([
    ['@acme/jobyard-nightrun', `expected a package with an adapter, can't find "@acme/jobyard-nightrun" from FOLDER. Install it there`],
    ['jobyard-nightrun', `expected a package with an adapter, can't find "jobyard-nightrun" from FOLDER. Install it there`],
    ['./nightrun.mjs', "expected a module with an adapter, FOLDER/nightrun.mjs can't be read (ENOENT)"],
    ['.', 'expected a vendor, got "."'],
    ['./', 'expected a vendor, got "./"'],
    ['./adapters', 'expected a module with an adapter, FOLDER/adapters is a folder; name the file in it'],
    ['fs', 'expected a vendor, got "fs"'],
    ['zod', 'expected a vendor, got "zod"'],
  ])('because %s is missing is an error', async (vendor, obstacle) => {
    mkdirSync(join(folder, 'adapters'));
    const errors = await load(systemOf(vendor));
    expect(String(errors?.[0])).toContain(`systems[0].vendor: ${obstacle}`);
  });
});

test('the vendors of a command line are found as those of a file are', async () => {
  write('nightrun.mjs', moduleOf());
  expect(await findVendors(['./nightrun.mjs', 'kylin'], folder)).toMatchObject([{ name: 'nightrun' }, { name: 'kylin' }]);
  expect(await findVendors(['kilyn', './x.mjs'], folder)).toEqual({
    errors: [
      '--vendor: expected a vendor, got "kilyn" (did you mean "kylin"?)',
      `--vendor: expected a module with an adapter, ${folder}/x.mjs can't be read (ENOENT)`,
    ],
  });
});
