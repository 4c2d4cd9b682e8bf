/**
 * A JSON value in parts that are each small, so that a thread can pass a large one on without keeping the other thread busy for long. A part holds either the
 * next entries of a container, or opens a container that is too large for one part.
 */
export type Part =
  /** `keys`: null for an array. The root is the entry of container 0, an array of one. */
  | { kind: 'entries'; of: number; keys: string[] | null; values: unknown[] }
  | { kind: 'container'; of: number; key: string | null; id: number; isArray: boolean };

/** About so many numbers, texts of 50 characters or braces are in a part: some milliseconds' work. */
const maxWeight = 5_000;
const charactersPerWeight = 50;

/** Cuts a value of JSON.parse into parts. Recurses as deep as the value is nested. */
export function* toParts(value: unknown): Generator<Part> {
  let containers = 0;
  yield* partsOf([value], 0);

  function* partsOf(container: object, of: number): Generator<Part> {
    const isArray = Array.isArray(container);
    let keys: string[] = [];
    let values: unknown[] = [];
    let weight = 0;
    const takeEntries = (): Part => {
      const part: Part = { kind: 'entries', of, keys: isArray ? null : keys, values };
      keys = [];
      values = [];
      weight = 0;
      return part;
    };
    const entries: Iterable<[string | null, unknown]> = isArray ? container.map((item) => [null, item]) : Object.entries(container);
    for (const [key, entry] of entries) {
      const entryWeight = weigh(entry, maxWeight);
      if (entryWeight >= maxWeight && typeof entry === 'object' && entry !== null) {
        if (values.length > 0) yield takeEntries();
        containers += 1;
        const id = containers;
        yield { kind: 'container', of, key, id, isArray: Array.isArray(entry) };
        yield* partsOf(entry, id);
        continue;
      }
      if (key !== null) keys.push(key);
      values.push(entry);
      weight += entryWeight;
      if (weight >= maxWeight) yield takeEntries();
    }
    if (values.length > 0) yield takeEntries();
  }
}

/** Counts no further than to `enough`. */
function weigh(value: unknown, enough: number): number {
  if (typeof value === 'string') return 1 + value.length / charactersPerWeight;
  if (typeof value !== 'object' || value === null) return 1;
  let weight = 1;
  for (const entry of Array.isArray(value) ? value : Object.values(value)) {
    weight += weigh(entry, enough - weight);
    if (weight >= enough) return weight;
  }
  return weight;
}

/** Puts parts together, in the order in which `toParts` gives them. */
export function createAssembly(): { add(part: Part): void; value(): unknown } {
  const root: unknown[] = [];
  const containers = new Map<number, object>([[0, root]]);
  const put = (container: object, key: string | null | undefined, value: unknown): void => {
    if (Array.isArray(container)) container.push(value);
    // As JSON.parse does: `__proto__` is a name like others.
    else Object.defineProperty(container, key ?? '', { value, writable: true, enumerable: true, configurable: true });
  };
  return {
    add(part) {
      const container = containers.get(part.of);
      if (!container) throw new Error(`A part of container ${part.of}, which was not opened`);
      if (part.kind === 'entries') {
        part.values.forEach((value, index) => void put(container, part.keys?.[index], value));
        return;
      }
      const opened = part.isArray ? [] : {};
      containers.set(part.id, opened);
      put(container, part.key, opened);
    },
    value: () => root[0],
  };
}
