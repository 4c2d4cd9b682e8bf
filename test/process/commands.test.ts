import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { profiles } from '../../src/graphql/type-definitions.ts';
import { run } from '../processes.ts';

const commands = ['check', 'sandbox', 'apikey', 'schema', 'conformance'];

describe('a command line that is invalid', () => {
  test.each([
    ['--chekc', '--chekc: unknown option (did you mean "--check"?)'],
    ['check --confg jobyard.yaml', '--confg: unknown option (did you mean "--config"?)'],
    ['chek', 'command line: expected a command or an option, got "chek" (did you mean "check"?); see --help'],
    ['sandbox --base-port x', '--base-port: expected a port from 0 to 65535, got "x"'],
    ['sandbox --base-port', '--base-port: expected a port from 0 to 65535, got nothing'],
    ['sandbox --jobs many', '--jobs: expected 0 to 1000000 jobs, got "many"'],
    ['sandbox --latency 5', '--latency: unknown option (did you mean "--latency-ms"?)'],
    ['apikey', 'NAME: expected 1 to 64 letters, digits, or . _ - that identify the user of the key, got nothing'],
    ['apikey a@b', 'NAME: expected 1 to 64 letters, digits, or . _ - that identify the user of the key, got "a@b"'],
    ['apikey a b', 'command line: expected nothing more, got "b"'],
    ['schema --profile small', '--profile: expected direct, plain, core, full, got "small"'],
    ['schema --profil core', '--profil: unknown option (did you mean "--profile"?)'],
    ['schema --configuration=yes', '--configuration: expected no value, got "yes"'],
    ['conformance --vendr kylin', '--vendr: unknown option (did you mean "--vendor"?)'],
    ['conformance kylin', 'command line: expected an option, got "kylin" (known: --config, --vendor)'],
  ])('%s: exit code 2 and one line that says where, what was expected, and what came', async (line, complaint) => {
    const command = run('src/jobyard.js', line.split(' '));
    expect(await command.exit()).toBe(2);
    expect(command.stderr()).toBe(`${complaint}\n`);
    expect(command.stdout()).toBe('');
  });
});

test('--help names every command, and every profile of the schema', async () => {
  const help = run('src/jobyard.js', ['--help']);
  expect(await help.exit()).toBe(0);
  for (const name of commands) expect(help.stdout()).toContain(`\n  ${name}`);
  expect(help.stdout()).toContain(`--profile ${profiles.join('|')}`);
  for (const profile of profiles) expect(help.stdout()).toMatch(new RegExp(`\\b${profile}(?: \\(default\\))?: for`));
});

test.each(commands)('%s --help prints how it is used', async (name) => {
  const help = run('src/jobyard.js', [name, '--help']);
  expect(await help.exit()).toBe(0);
  expect(help.stdout()).toMatch(new RegExp(`^Usage: npm run ${name}`));
  expect(help.stderr()).toBe('');
});

test('a command whose reader has gone ends as if by SIGPIPE, and without a word', async () => {
  const command = run('src/jobyard.js', ['conformance', '--vendor', 'kylin']);
  const { stdout } = command.child;
  if (!stdout) throw new Error('Standard output is not a pipe');
  await once(stdout, 'data');
  stdout.destroy();
  expect(await command.exit()).toBe(141);
  expect(command.stderr()).toBe('');
});
