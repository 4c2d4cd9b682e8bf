import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findCommand, readYaml } from './files.ts';

const rulesFile = fileURLToPath(new URL('../../deploy/prometheus/alerts.yaml', import.meta.url));
const testsFile = fileURLToPath(new URL('alerts.yaml', import.meta.url));

interface RuleFile {
  groups: { rules: { alert: string }[] }[];
}
interface AlertTest {
  name: string;
  promql_expr_test: { exp_samples: { labels: string }[] }[];
}

const { groups }: RuleFile = readYaml('deploy/prometheus/alerts.yaml');
const rules = groups.flatMap((group) => group.rules);
const alertTests: AlertTest[] = readYaml('test/deploy/alerts.yaml').tests;

test('each alert has a test in which it fires, and one in which it does not', () => {
  const firing = ({ promql_expr_test: moments }: AlertTest) =>
    moments.flatMap(({ exp_samples: samples }) => samples.map(({ labels }) => labels));
  for (const { alert } of rules) {
    const own = alertTests.filter(({ name }) => name.startsWith(`${alert} `));
    expect(
      own.flatMap(firing).some((labels) => labels.includes(`alertname="${alert}"`)),
      alert,
    ).toBe(true);
    expect(
      own.some(({ promql_expr_test: moments }) => moments.some(({ exp_samples: samples }) => samples.length === 0)),
      alert,
    ).toBe(true);
  }
});

/** Debian's package `prometheus`; .ci/run installs it. */
const promtool = findCommand(['promtool', '--version']);
const skipped = promtool ? '' : ': skipped, as promtool is missing';

describe.skipIf(!promtool)(`the alerting rules, says promtool${skipped}`, () => {
  const run = (...parameters: string[]) => {
    const { status, stdout, stderr } = spawnSync('promtool', parameters, { encoding: 'utf8' });
    return { isRight: status === 0, text: stdout + stderr };
  };

  test('are valid', () => {
    const { isRight, text } = run('check', 'rules', rulesFile);
    expect(isRight, text).toBe(true);
    expect(text).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  test('fire on what they name, and not otherwise', () => {
    const { isRight, text } = run('test', 'rules', testsFile);
    expect(isRight, text).toBe(true);
  });
});
