import { parameterEmpty, parameterInvalid, type Rejection } from './rejections.ts';
import type { KylinSwitches } from './switches.ts';

/** Reads query parameters as Spring binds them. Keeps the first rejection, and returns a default for the parameter. */
export interface ParameterReader {
  text(name: string): string | undefined;
  requiredText(name: string): string;
  /** One value is split at commas; of several values each is an item. */
  list(name: string): string[];
  integer(name: string, fallback: number): number;
  requiredInteger(name: string): number;
  boolean(name: string, fallback: boolean): boolean;
  rejection(): Rejection | undefined;
}

const integerLimit = 2 ** 31;
const booleans = new Map([
  ...['true', 'on', 'yes', '1'].map((word) => [word, true] as const),
  ...['false', 'off', 'no', '0'].map((word) => [word, false] as const),
]);

export function createParameterReader(query: URLSearchParams, switches: KylinSwitches): ParameterReader {
  let rejection: Rejection | undefined;

  function rejectMissing(name: string): void {
    rejection ??=
      switches.missingParameterCode === 'KE-010043201'
        ? parameterEmpty(400, name)
        : parameterInvalid(400, `Required request parameter '${name}' is not present`);
  }

  function parseInteger(name: string, text: string): number {
    const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= -integerLimit && value < integerLimit) return value;
    rejection ??= parameterInvalid(400, `Failed to convert value of type 'java.lang.String' to required type 'java.lang.Integer': ${name}`);
    return 0;
  }

  return {
    text: (name) => query.get(name) ?? undefined,
    requiredText(name) {
      const text = query.get(name);
      if (text === null) rejectMissing(name);
      return text ?? '';
    },
    list(name) {
      const values = query.getAll(name);
      if (values.length > 1) return values;
      return values[0] ? values[0].split(',').map((item) => item.trim()) : [];
    },
    integer(name, fallback) {
      const text = query.get(name);
      return text ? parseInteger(name, text) : fallback;
    },
    requiredInteger(name) {
      const text = query.get(name);
      if (text) return parseInteger(name, text);
      rejectMissing(name);
      return 0;
    },
    boolean(name, fallback) {
      const text = query.get(name);
      if (!text) return fallback;
      const value = booleans.get(text.trim().toLowerCase());
      if (value !== undefined) return value;
      rejection ??= parameterInvalid(400, `Failed to convert value of type 'java.lang.String' to required type 'boolean': ${name}`);
      return fallback;
    },
    rejection: () => rejection,
  };
}
