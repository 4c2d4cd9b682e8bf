import type { QueryRow } from './query-targets.ts';

/** As much of VQL as queries about jobs use: `SELECT … FROM … WHERE … AND … PAGESIZE n`. */
export interface Query {
  fields: readonly string[];
  target: string;
  conditions: readonly Condition[];
  pageSize: number | undefined;
}

export interface Condition {
  field: string;
  operator: '=' | '!=' | '>' | '>=' | '<' | '<=' | 'CONTAINS';
  values: readonly string[];
}

const queryPattern = /^\s*SELECT\s+([\w.,\s]+?)\s+FROM\s+(\w+)(?:\s+WHERE\s+(.+?))?(?:\s+PAGESIZE\s+(\d{1,4}))?\s*$/is;
const literal = String.raw`'(?:[^'\\]|\\.)*'|\d+`;
const conditionPattern = new RegExp(
  String.raw`^\s*(\w+)\s*(?:(=|!=|>=|<=|>|<)\s*(${literal})|CONTAINS\s*\(\s*((?:${literal})(?:\s*,\s*(?:${literal}))*)\s*\))\s*(?:AND\b|$)`,
  'is',
);

/** Undefined if it isn't VQL, or uses parts of VQL that the sandbox doesn't support. */
export function parseQuery(text: string): Query | undefined {
  const [, fieldList = '', target = '', where, pageSize] = queryPattern.exec(text) ?? [];
  const fields = fieldList.split(',').map((field) => field.trim());
  if (target === '' || fields.some((field) => !/^\w+$/.test(field))) return undefined;
  const conditions: Condition[] = [];
  let rest = where ?? '';
  while (rest.trim() !== '') {
    const found = conditionPattern.exec(rest);
    if (!found) return undefined;
    const [whole, field = '', operator, value, list] = found;
    const values = (list ?? value ?? '').match(new RegExp(literal, 'g')) ?? [];
    conditions.push({ field, operator: toOperator(operator), values: values.map(unquote) });
    rest = rest.slice(whole.length);
  }
  return { fields, target: target.toLowerCase(), conditions, pageSize: pageSize === undefined ? undefined : Number(pageSize) };
}

/** Whether a row meets a condition. Values are compared as texts, dates and numbers as such. */
export function conditionMet({ field, operator, values }: Condition, row: QueryRow): boolean {
  const own = row[field];
  if (operator === 'CONTAINS') return values.some((value) => isSame(own, value));
  const value = values[0] ?? '';
  if (operator === '=') return isSame(own, value);
  if (operator === '!=') return !isSame(own, value);
  if (own === undefined || own === null) return false;
  const difference = toNumber(own) - toNumber(value);
  return operator === '>' ? difference > 0 : operator === '>=' ? difference >= 0 : operator === '<' ? difference < 0 : difference <= 0;
}

function isSame(own: unknown, value: string): boolean {
  return Array.isArray(own) ? own.some((one) => String(one) === value) : String(own) === value;
}

function toNumber(value: unknown): number {
  return typeof value === 'string' && value.includes('T') ? Date.parse(value) : Number(value);
}

function toOperator(text: string | undefined): Condition['operator'] {
  switch (text) {
    case '=':
    case '!=':
    case '>':
    case '>=':
    case '<':
    case '<=':
      return text;
    default:
      return 'CONTAINS';
  }
}

function unquote(text: string): string {
  return text.startsWith("'") ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
