import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { defaultServer } from '../../src/config/config.ts';
import { limitsSchema } from '../../src/config/limits.ts';
import { maxStopMs } from '../../src/process/stop-limit.ts';
import { maxRssMiB } from '../abuse/max-rss.ts';
import { findCommand, readText } from './files.ts';

const path = 'deploy/systemd/jobyard.service';
const lines = Array.from(readText(path).matchAll(/^(\w+)=(.*)$/gm), ([, key = '', value = '']) => ({ key, value }));
const valuesOf = (key: string): string[] => lines.filter((line) => line.key === key).map(({ value }) => value);
const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe('the unit of systemd', () => {
  test('starts the command of the package', () => {
    expect(valuesOf('ExecStart')).toEqual([
      `/usr/bin/node /opt/jobyard/node_modules/jobyard/${manifest.bin.jobyard} --config /etc/jobyard/jobyard.yaml`,
    ]);
  });

  test('gives a stop its time, also one that drains as in the other manifests', () => {
    const [seconds = ''] = valuesOf('TimeoutStopSec');
    expect(Number(seconds) * 1_000).toBeGreaterThan(maxStopMs({ ...defaultServer, drainMs: 10_000 }));
  });

  test('allows the memory that Jobyard uses under attack, and the connections of the default limit', () => {
    expect(Number.parseInt(valuesOf('MemoryMax')[0] ?? '', 10)).toBeGreaterThan(maxRssMiB);
    expect(Number(valuesOf('LimitNOFILE')[0])).toBeGreaterThan(2 * limitsSchema.parse({}).maxConnections);
  });

  test('is not restarted with a configuration that has errors', () => {
    expect([valuesOf('Restart'), valuesOf('RestartPreventExitStatus')]).toEqual([['on-failure'], ['2']]);
  });

  const analyze = findCommand(['systemd-analyze', '--version']);
  test.skipIf(!analyze)('is valid and hardened, says the installed systemd', () => {
    // A unit with an unknown key is still valid for it: the complaint is in its output.
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    expect(verified.stderr.split('\n').filter((line) => line.includes('jobyard.service') && !line.includes('not executable'))).toEqual([]);
    // At most 2.0 of 10.
    const rated = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', '--no-pager', file], { encoding: 'utf8' });
    expect(rated.status, rated.stdout).toBe(0);
  });
});
