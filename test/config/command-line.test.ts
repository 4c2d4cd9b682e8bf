import { describe, expect, test } from 'vitest';
import { readConfig, withSystem, writeTemporaryFile } from './load.ts';

const known = '(known: --config, --host, --port, --store, --check, --help, --version)';
const badPort = (where: string, came: string) => `${where}: expected a port from 0 to 65535, got "${came}"`;

describe('without a file', () => {
  test('no systems are configured, so Jobyard uses sandboxes', () => {
    expect(readConfig([], {})).toMatchObject({ server: { host: '127.0.0.1', port: 4000, deadlineMs: 25_000 }, systems: null });
  });

  test('empty variables count as not set', () => {
    expect(readConfig([], { PORT: '', HOST: '', JOBYARD_CONFIG: '' })).toMatchObject({
      server: { host: '127.0.0.1', port: 4000 },
      systems: null,
    });
  });
});

describe('of a flag, a variable and the file', () => {
  const file = () => writeTemporaryFile(`server: { host: localhost, port: 4001 }\n${withSystem('')}`);

  test('the file has the lowest precedence', () => {
    expect(readConfig(['--config', file()], { PORT: '4002', HOST: '127.0.0.2' })).toMatchObject({
      server: { host: '127.0.0.2', port: 4002 },
    });
    expect(readConfig(['--config', file()], {})).toMatchObject({ server: { host: 'localhost', port: 4001 } });
  });

  test('the flag has the highest precedence', () => {
    const flags = ['--config', file(), '--port', '4003', '--host=127.0.0.3'];
    expect(readConfig(flags, { PORT: '4002', HOST: '127.0.0.2' })).toMatchObject({ server: { host: '127.0.0.3', port: 4003 } });
  });

  test('the file of the flag replaces that of the variable', () => {
    expect(readConfig(['--config', file()], { JOBYARD_CONFIG: '/nowhere' })).toMatchObject({ server: { port: 4001 } });
    expect(readConfig([], { JOBYARD_CONFIG: file() })).toMatchObject({ server: { port: 4001 } });
  });
});

describe('a port', () => {
  test.each(['x', '70000', '1e3', '0x50', ' ', '80 ', '1.0'])('"%s" is none, by flag or variable', (text) => {
    expect(readConfig([`--port=${text}`], {})).toEqual({ errors: [badPort('--port', text)] });
    expect(readConfig([], { PORT: text })).toEqual({ errors: [badPort('PORT', text)] });
  });

  test('below 0 is an error', () => {
    expect(readConfig(['--port=-1'], {})).toEqual({ errors: [badPort('--port', '-1')] });
  });

  test('may be 0: any free port', () => {
    expect(readConfig(['--port', '0'], {})).toMatchObject({ server: { port: 0 } });
  });

  test('that is invalid as flag and variable causes two errors, and the file is still checked', () => {
    const file = writeTemporaryFile('systems: []');
    expect(readConfig(['--config', file, '--port', 'x'], { PORT: 'y' })).toEqual({
      errors: [badPort('PORT', 'y'), badPort('--port', 'x'), `${file}: systems: expected a list of at least one system, got an empty list`],
    });
  });
});

describe('a command line', () => {
  test.each([
    [['--prot', '3'], '--prot: unknown option (did you mean "--port"?)'],
    [['--chekc'], '--chekc: unknown option (did you mean "--check"?)'],
    [['-x'], `-x: unknown option ${known}`],
    [['jobyard.yaml'], `command line: expected an option, got "jobyard.yaml" ${known}`],
    [['--config'], '--config: expected a file, got nothing'],
    [['--port'], '--port: expected a port from 0 to 65535, got nothing'],
    [['--port', '--host', 'h'], '--port: expected a value, got the option --host. Write a value that starts with - as --port=--host'],
    [['--check=no'], '--check: expected no value, got "no"'],
  ])('%j is rejected with the possible options', (flags, complaint) => {
    expect(readConfig(flags, {})).toEqual({ errors: [complaint] });
  });

  test('can repeat an option, and the last value counts', () => {
    expect(readConfig(['--port', '1', '--port', '2'], {})).toMatchObject({ server: { port: 2 } });
  });

  test('with an empty --config is rejected: sandboxes must not replace the intended file', () => {
    expect(readConfig(['--config', ''], {})).toEqual({ errors: ['--config: expected a file, got ""'] });
  });
});
