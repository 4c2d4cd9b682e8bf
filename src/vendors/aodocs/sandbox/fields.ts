import { type Rejection, reject } from './errors.ts';

/** The requested part of a response: all of it, or the values below these property names ('*': any name). */
export interface Selection {
  whole: boolean;
  below: Map<string, Selection>;
}

/** The maximum nesting of brackets, far more than any response needs. */
const deepest = 50;

/**
 * Reads the `fields` parameter, such as `jobList(jobId,status),nextPageToken` or `jobList/jobId`.
 * Absent, empty, or `*`: undefined, the whole response. Unreadable: 400 `invalidParameter`.
 * A name that no response has is not an error: it selects nothing.
 */
export function readFields(expression: string | null): Selection | Rejection | undefined {
  if (expression === null || expression === '' || expression === '*') return undefined;
  const paths = readPaths(expression);
  if (!paths) return reject(400, `Invalid field selection '${expression}'`, 'invalidParameter');
  const root: Selection = { whole: false, below: new Map() };
  for (const path of paths) {
    let selection = root;
    for (const name of path) {
      const next = selection.below.get(name) ?? { whole: false, below: new Map() };
      selection.below.set(name, next);
      selection = next;
    }
    selection.whole = true;
  }
  return root;
}

/** The selected part of a response; `{}` if the response has none of it. */
export function selectFields(answer: object, selection: Selection | undefined): unknown {
  return selection ? (select(answer, [selection]) ?? {}) : answer;
}

function select(value: unknown, selections: readonly Selection[]): unknown {
  if (selections.some((selection) => selection.whole)) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => select(item, selections)).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const properties: [string, unknown][] = [];
  for (const [name, property] of Object.entries(value)) {
    const matching = selections.flatMap(({ below }) => [below.get(name), below.get('*')]).filter((found) => found !== undefined);
    const selected = matching.length > 0 ? select(property, matching) : undefined;
    if (selected !== undefined) properties.push([name, selected]);
  }
  return properties.length > 0 ? Object.fromEntries(properties) : undefined;
}

/** `a/b(c,d),e` → `[a,b,c] [a,b,d] [e]`. A name is anything but spaces and `, / ( )`. */
function readPaths(expression: string): string[][] | undefined {
  const tokens = expression.match(/[,/()]|[^,/()\s]+/g) ?? [];
  let position = 0;
  const take = (token: string): boolean => {
    if (tokens[position] !== token) return false;
    position += 1;
    return true;
  };
  const takeName = (): string | undefined => {
    const token = tokens[position];
    if (token === undefined || /^[,/()]$/.test(token)) return undefined;
    position += 1;
    return token;
  };
  const readSelection = (depth: number): string[][] | undefined => {
    const path: string[] = [];
    do {
      const name = takeName();
      if (name === undefined) return undefined;
      path.push(name);
    } while (take('/'));
    if (!take('(')) return [path];
    const inner = depth < deepest ? readExpression(depth + 1) : undefined;
    return inner && take(')') ? inner.map((below) => [...path, ...below]) : undefined;
  };
  const readExpression = (depth: number): string[][] | undefined => {
    const paths: string[][] = [];
    do {
      const selected = readSelection(depth);
      if (!selected) return undefined;
      paths.push(...selected);
    } while (take(','));
    return paths;
  };
  const paths = readExpression(0);
  return position === tokens.length ? paths : undefined;
}
