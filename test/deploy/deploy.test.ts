import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createAnsweringStore } from '../answering-store.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { readExpression, readSeries, type Series } from './metrics.ts';

const read = (path: string): string => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8');
/** Prometheus adds them to each series. */
const ofPrometheus = new Set(['instance', 'job']);

let jobyard: WithSandboxes;
let series: Series[];
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 1, store: usedStore });
  series = readSeries(await (await fetch(`${jobyard.origin}/metrics`)).text());
});
afterAll(() => jobyard.close());

/** A store that responds as in a running Jobyard, with a bulk operation in progress. */
const usedStore = createAnsweringStore(async (text) =>
  text.includes('bulk_progress') ? [{ system_id: 'kylin', pending: 7, oldest: 90 }] : [],
);

/** Checks that the metric, its labels, and each named value exist in Jobyard. */
function check(expression: string): void {
  const { asked, groupedBy } = readExpression(expression);
  expect(asked.length, expression).toBeGreaterThan(0);
  const labels = new Set(['le', ...ofPrometheus]);
  for (const { metric, matchers } of asked) {
    const ofMetric = series.filter((each) => each.metric === metric);
    expect(ofMetric.length, `${metric} in ${expression}`).toBeGreaterThan(0);
    for (const label of Object.keys(ofMetric[0]?.labels ?? {})) labels.add(label);
    for (const { label, operator, value } of matchers.filter((matcher) => !ofPrometheus.has(matcher.label))) {
      expect(Object.keys(ofMetric[0]?.labels ?? {}), `${label} of ${metric}`).toContain(label);
      if (value.startsWith('$')) continue;
      const values = operator === '=~' ? value.split('|') : [value];
      for (const each of values) {
        expect(
          ofMetric.some(({ labels: own }) => own[label] === each),
          `${metric}{${label}="${each}"}`,
        ).toBe(true);
      }
    }
  }
  for (const label of groupedBy) expect([...labels], `by ${label} in ${expression}`).toContain(label);
}

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}
const rules: Rule[] = parse(read('prometheus/alerts.yaml')).groups.flatMap((group: { rules: Rule[] }) => group.rules);

describe('the alerting rules', () => {
  test.each(rules.map(({ alert, expr }) => [alert, expr]))('%s queries existing metrics', (_alert, expr) => check(expr));

  test('have names of their own, a severity and a summary whose labels the expression leaves', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations } of rules) {
      expect(['critical', 'warning'], alert).toContain(labels.severity);
      expect(annotations.summary, alert).toMatch(/\w/);
    }
  });

  test('are explained in docs/operate.md', () => {
    const page = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8');
    expect(new Set(Array.from(page.matchAll(/`(Jobyard[A-Z]\w+)`/g), ([, name]) => name))).toEqual(
      new Set(rules.map(({ alert }) => alert)),
    );
  });

  test('detects unknown metrics, labels, and label values, and invalid PromQL', () => {
    for (const wrong of [
      'jobyard_no_such_metric > 0',
      'jobyard_store_up{system="kylin"} == 0',
      'jobyard_vendor_breaker_state{state="broken"} == 1',
      'sum by (nothing) (jobyard_store_up)',
      'sum(jobyard_store_up',
    ]) {
      expect(() => check(wrong), wrong).toThrow();
    }
  });
});

interface Panel {
  id: number;
  title: string;
  type: string;
  targets?: { expr: string }[];
}
const dashboard: { panels: Panel[]; templating: { list: { name: string }[] } } = JSON.parse(read('grafana/dashboard.json'));

describe('the dashboard', () => {
  const expressions = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const));

  test.each(expressions)('%s queries existing metrics', (_title, expr) => check(expr.replaceAll('$__rate_interval', '5m')));

  test('shows every metric of Jobyard', () => {
    const shown = new Set(
      expressions.flatMap(([, expr]) => readExpression(expr.replaceAll('$__rate_interval', '5m')).asked.map(({ metric }) => metric)),
    );
    const base = (metric: string): string => metric.replace(/_(bucket|count|sum)$/, '');
    const own = new Set(series.map(({ metric }) => base(metric)).filter((metric) => metric.startsWith('jobyard_')));
    expect([...own].filter((metric) => ![...shown].some((each) => base(each) === metric))).toEqual([]);
  });

  test('has panels with ids of their own, and the variables that its expressions use', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const used = new Set(Array.from(JSON.stringify(dashboard.panels).matchAll(/\$\{?([a-z]\w*)/g), ([, name]) => name));
    expect(new Set(dashboard.templating.list.map(({ name }) => name))).toEqual(used);
  });
});
