import { parser } from '@prometheus-io/lezer-promql';

/** The metrics, labels, and values of a PromQL expression. */
export interface Asked {
  metric: string;
  /** The conditions on its labels. */
  matchers: { label: string; operator: string; value: string }[];
}

/** Parses a PromQL expression. Throws if it is invalid. */
export function readExpression(expression: string): { asked: Asked[]; groupedBy: string[] } {
  const asked: Asked[] = [];
  const groupedBy: string[] = [];
  const text = ({ from, to }: { from: number; to: number }): string => expression.slice(from, to);
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`Not PromQL at ${node.from}: ${expression}`);
      if (node.name === 'VectorSelector') asked.push({ metric: text(node.node.firstChild ?? node), matchers: [] });
      const isMatcher = node.name === 'UnquotedLabelMatcher' || node.name === 'QuotedLabelMatcher';
      if (isMatcher) {
        const [, label = '', operator = '', value = ''] = /^\s*([\w]+)\s*(=~|!~|!=|=)\s*"(.*)"\s*$/s.exec(text(node)) ?? [];
        asked.at(-1)?.matchers.push({ label, operator, value });
      }
      if (node.name === 'GroupingLabels')
        groupedBy.push(
          ...text(node)
            .replace(/[()\s]/g, '')
            .split(',')
            .filter(Boolean),
        );
    },
  });
  return { asked, groupedBy };
}

/** A series of `GET /metrics`. */
export interface Series {
  metric: string;
  labels: Record<string, string>;
}

export function readSeries(body: string): Series[] {
  return Array.from(body.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm), ([, metric, labels]) => ({
    metric: String(metric),
    labels: Object.fromEntries(Array.from((labels ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g), ([, label, value]) => [label, value])),
  }));
}
