import { type Invalid, invalid, type Rejection } from './errors.ts';

/** Reads query parameters as FastAPI does. Keeps what is wrong with them, and returns a default for the parameter. */
export interface ParameterReader {
  text(name: string): string | undefined;
  list(name: string): readonly string[];
  /** At least 0. */
  count(name: string, fallback: number): number;
  /** Epoch milliseconds with decimals for microseconds; undefined: not given. */
  time(name: string): number | undefined;
  boolean(name: string, fallback: boolean): boolean;
  /** Whether a time was given without a zone. */
  hasZonelessTime(): boolean;
  rejection(): Rejection | undefined;
}

const timePattern = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,6})\d*)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** Undefined: not a time. `hasZone`: false also for a plus sign that arrived as a space. */
export function parseTime(text: string): { ms: number; hasZone: boolean } | undefined {
  const [, upToSeconds, decimals = '', zone] = timePattern.exec(text) ?? [];
  if (upToSeconds === undefined) return undefined;
  const ms = Date.parse(`${upToSeconds.replace(' ', 'T')}${zone ?? 'Z'}`);
  return Number.isNaN(ms) ? undefined : { ms: ms + Number(decimals.padEnd(6, '0')) / 1000, hasZone: zone !== undefined };
}

export function createParameterReader(query: URLSearchParams): ParameterReader {
  const wrong: Invalid[] = [];
  let zoneless = false;
  const reject = (name: string, type: string, msg: string, input: string): void =>
    void wrong.push({ type, loc: ['query', name], msg, input });

  return {
    text: (name) => query.get(name) ?? undefined,
    list: (name) => query.getAll(name),
    count(name, fallback) {
      const text = query.get(name);
      if (text === null) return fallback;
      if (!/^-?\d+$/.test(text)) {
        reject(name, 'int_parsing', 'Input should be a valid integer, unable to parse string as an integer', text);
        return fallback;
      }
      if (Number(text) < 0) reject(name, 'greater_than_equal', 'Input should be greater than or equal to 0', text);
      return Number(text);
    },
    time(name) {
      const text = query.get(name);
      if (text === null) return undefined;
      const time = parseTime(text);
      if (!time) reject(name, 'datetime_from_date_parsing', 'Input should be a valid datetime or date, input is too short', text);
      zoneless ||= time?.hasZone === false;
      return time?.ms;
    },
    boolean(name, fallback) {
      const text = query.get(name)?.toLowerCase();
      if (text === undefined) return fallback;
      if (['true', '1', 'on', 'yes', 't', 'y'].includes(text)) return true;
      if (!['false', '0', 'off', 'no', 'f', 'n'].includes(text)) {
        reject(name, 'bool_parsing', 'Input should be a valid boolean, unable to interpret input', text);
      }
      return false;
    },
    hasZonelessTime: () => zoneless,
    rejection: () => (wrong.length > 0 ? invalid(...wrong) : undefined),
  };
}
