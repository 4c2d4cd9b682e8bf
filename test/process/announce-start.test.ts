import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { announceStart, type StartFacts } from '../../src/process/announce-start.ts';
import { vendors } from '../../src/vendors/index.ts';

const [vendor] = vendors;
if (!vendor) throw new Error('There is no vendor');
const facts: StartFacts = {
  origin: 'http://127.0.0.1:4000',
  hasConsole: true,
  hasPlayground: true,
  store: 'in memory',
  hasAccess: false,
  systems: [{ id: 'one', vendor, url: 'http://127.0.0.1:4100' }],
  isSandbox: true,
};
const query = '{ jobs(first: 3) { nodes { id name status } complete } }';
const example = (credential: string) =>
  `curl -s http://127.0.0.1:4000/graphql -H 'content-type: application/json'${credential} -d '{"query":"${query}"}'`;
const accessOff = 'Access control is off: every local user has full access.';

function announce(changes: Partial<StartFacts>, isTerminal: boolean, level = 'info'): string {
  let written = '';
  const write = (text: string): void => {
    written += text;
  };
  announceStart({ ...facts, ...changes }, { isTerminal, write, logger: pino({ level, base: null, timestamp: false }, { write }) });
  return written;
}

describe('on a terminal', () => {
  test('the banner has the addresses, the store, the systems, and an example', () => {
    expect(announce({}, true)).toBe(`Jobyard
  GraphQL     http://127.0.0.1:4000/graphql
  Playground  http://127.0.0.1:4000/
  Console     http://127.0.0.1:4000/console
  Store       in memory
${accessOff}
Systems
  one            ${vendor.title} sandbox at http://127.0.0.1:4100
Try
  ${example('')}
Stop with Ctrl-C

`);
  });

  test('without the playground, neither the banner nor the line has its address', () => {
    for (const isTerminal of [true, false]) expect(announce({ hasPlayground: false }, isTerminal)).not.toMatch(/playground/i);
  });

  test('without the console, neither the banner nor the line has its address', () => {
    for (const isTerminal of [true, false]) expect(announce({ hasConsole: false }, isTerminal)).not.toContain('/console');
  });

  test('the banner has no address for a system without one', () => {
    expect(announce({ systems: [{ id: 'one', vendor, url: '' }], isSandbox: false }, true)).toContain(
      `\n  one            ${vendor.title}\n`,
    );
  });

  test('with access, the example names the header of the key and the banner does not warn that access is off', () => {
    const banner = announce({ hasAccess: true }, true);
    expect(banner).toContain(example(" -H 'authorization: Bearer YOUR_KEY'"));
    expect(banner).not.toContain(accessOff);
  });
});

describe('elsewhere', () => {
  const linesOf = (text: string): unknown[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const listening = {
    level: 30,
    graphql: 'http://127.0.0.1:4000/graphql',
    playground: 'http://127.0.0.1:4000/',
    console: 'http://127.0.0.1:4000/console',
    store: 'in memory',
    systems: [{ id: 'one', vendor: vendor.name, url: 'http://127.0.0.1:4100', sandbox: true }],
    msg: 'listening',
  };

  test('the same facts are JSON lines', () => {
    expect(linesOf(announce({}, false))).toEqual([
      { level: 40, msg: accessOff },
      { ...listening, access: false, example: example('') },
    ]);
  });

  test('with access, one line is written and its example names the header of the key', () => {
    expect(linesOf(announce({ hasAccess: true }, false))).toEqual([
      { ...listening, access: true, example: example(" -H 'authorization: Bearer YOUR_KEY'") },
    ]);
  });

  test.each(['error', 'silent'])('the lines are written at the level %s', (level) => {
    expect(linesOf(announce({}, false, level))).toHaveLength(2);
  });
});
