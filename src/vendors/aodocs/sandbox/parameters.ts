import { type Rejection, reject } from './errors.ts';

/** Reads a request's parameters as the framework does: the first value of a name counts, and an empty one counts as absent. */
export interface Parameters {
  text(name: string): string | undefined;
  int32(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
  /** One of an enum's values; `typeName` is the enum's name in the message. */
  oneOf(name: string, typeName: string, values: readonly string[]): string | undefined;
  /** Why the request is rejected (400 `parseError`), after everything was read. The framework names the type, not the parameter. */
  rejection(): Rejection | undefined;
}

export function createParameters(query: URLSearchParams): Parameters {
  let rejection: Rejection | undefined;
  const text = (name: string): string | undefined => query.get(name) || undefined;
  const misread = (typeName: string, kind: string, value: string, validValues = ''): undefined => {
    const message = `Parse error for a parameter of type '${typeName}': invalid ${kind} value "${value}".${validValues}`;
    rejection ??= reject(400, message, 'parseError');
  };
  return {
    text,
    int32(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = /^[+-]?\d+$/.test(value.trim()) ? Number(value) : Number.NaN;
      return number === (number | 0) ? number : misread('Integer', 'number', value);
    },
    boolean(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (/^(true|True|TRUE)$/.test(value)) return true;
      if (/^(false|False|FALSE)$/.test(value)) return false;
      return misread('Boolean', 'boolean', value, ' Valid values are [true, false]');
    },
    oneOf(name, typeName, values) {
      const value = text(name);
      if (value === undefined || values.includes(value)) return value;
      return misread(typeName, 'enum', value, ` Valid values are [${values.join(', ')}]`);
    },
    rejection: () => rejection,
  };
}
