import { parseArgs } from 'node:util';
import { z } from 'zod';
import { aHost, aPort } from './address.ts';
import { type ConfigError, suggest, toConfigErrors } from './config-errors.ts';

/** Something that a command takes: an option such as `--port PORT`, or an operand such as `NAME`. */
export interface Parameter<Value> {
  kind: 'text' | 'switch' | 'operand';
  /** Short form of a switch: `h` is `-h`. */
  short?: string;
  /** Reads the values that were given, in order. Null: an option without its value. `place`: how errors name the parameter. */
  read(given: readonly (string | null)[], place: string): { value: Value } | { errors: ConfigError[] };
}

/** A command's parameters, by name. The names of operands are in capitals. */
export type Parameters = Record<string, Parameter<unknown>>;

/** The values of a command's parameters. */
export type ValuesOf<Wanted extends Parameters> = {
  [Name in keyof Wanted]: Wanted[Name] extends Parameter<infer Value> ? Value : never;
};

/** An option with a text. Of several, the last one counts; undefined: not given. */
export function text<Value>(schema: z.ZodType<Value>): Parameter<Value> {
  return { kind: 'text', read: (given, place) => check(schema, given.at(-1), place) };
}

/** An option that can be repeated. None: an empty list. */
export function texts(schema: z.ZodType<string>): Parameter<string[]> {
  return {
    kind: 'text',
    read(given, place) {
      const errors = given.flatMap((value) => {
        const checked = check(schema, value, place);
        return 'errors' in checked ? checked.errors : [];
      });
      return errors.length > 0 ? { errors } : { value: given.filter((value) => value !== null) };
    },
  };
}

/** An option without a value. */
export function toggle(short?: string): Parameter<boolean> {
  return { kind: 'switch', ...(short !== undefined && { short }), read: (given) => ({ value: given.length > 0 }) };
}

/** A text without a name, in the order of the command's operands. */
export function operand<Value>(schema: z.ZodType<Value>): Parameter<Value> {
  return { kind: 'operand', read: (given, place) => check(schema, given.at(-1), place) };
}

/**
 * Reads the command line of any command. Errors have the format of the configuration's: where, what was expected, what came. What can't be
 * understood is the only error, as it changes the meaning of the rest.
 */
export function readCommandLine<Wanted extends Parameters>(
  commandLine: readonly string[],
  wanted: Wanted,
): ValuesOf<Wanted> | { errors: ConfigError[] } {
  const given = sortTokens(commandLine, wanted);
  if ('error' in given) return { errors: [given.error] };
  const errors: ConfigError[] = [];
  const values = Object.entries(wanted).map(([name, parameter]) => {
    const read = parameter.read(given.get(name) ?? [], parameter.kind === 'operand' ? name : `--${name}`);
    if ('errors' in read) errors.push(...read.errors);
    return [name, 'value' in read ? read.value : undefined] as const;
  });
  // Each name has the value that its own parameter has read.
  return errors.length > 0 ? { errors } : (Object.fromEntries(values) as ValuesOf<Wanted>);
}

type Given = Map<string, (string | null)[]>;

/** Sorts what was given by the name of its parameter. */
function sortTokens(commandLine: readonly string[], wanted: Parameters): Given | { error: ConfigError } {
  const entries = Object.entries(wanted);
  const options = entries.filter(([, { kind }]) => kind !== 'operand');
  const operands = entries.filter(([, { kind }]) => kind === 'operand').map(([name]) => name);
  const known = options.map(([name]) => `--${name}`);
  const given: Given = new Map();
  const add = (name: string, value: string | null): void => void given.set(name, [...(given.get(name) ?? []), value]);
  for (const token of parseArgs({ args: [...commandLine], options: toNodeOptions(options), strict: false, tokens: true }).tokens) {
    if (token.kind === 'positional') {
      const name = operands.shift();
      if (name === undefined) {
        const expected = known.length > 0 ? 'an option' : 'nothing more';
        return { error: `command line: expected ${expected}, got "${token.value}"${suggest(token.value, known)}` };
      }
      add(name, token.value);
    } else if (token.kind === 'option') {
      const error = checkOption(token, wanted[token.name], known);
      if (error !== null) return { error };
      add(token.name, token.value ?? null);
    }
  }
  return given;
}

function toNodeOptions(options: readonly (readonly [string, Parameter<unknown>])[]) {
  return Object.fromEntries(
    options.map(([name, { kind, short }]) => {
      const type: 'string' | 'boolean' = kind === 'text' ? 'string' : 'boolean';
      return [name, { type, multiple: true, ...(short !== undefined && { short }) }];
    }),
  );
}

interface OptionToken {
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

/** Why the option can't be understood; null: it can. */
function checkOption({ rawName, value, inlineValue }: OptionToken, parameter: Parameter<unknown> | undefined, known: readonly string[]) {
  if (!parameter || parameter.kind === 'operand') return `${rawName}: unknown option${suggest(rawName, known)}`;
  if (value === undefined) return null;
  if (parameter.kind === 'switch') return `${rawName}: expected no value, got "${value}"`;
  // Most likely the value was forgotten, and this is the next option.
  const isOption = !inlineValue && /^-./.test(value);
  return isOption ? `${rawName}: expected a value, got the option ${value}. Write a value that starts with - as ${rawName}=${value}` : null;
}

function check<Value>(schema: z.ZodType<Value>, value: string | null | undefined, place: string) {
  const parsed = schema.safeParse(value);
  return parsed.success ? { value: parsed.data } : { errors: toConfigErrors(parsed.error, place, value) };
}

const serverParameters = {
  config: text(z.string('expected a file').min(1, 'expected a file').optional()),
  host: text(z.string(aHost).optional()),
  port: text(z.string(aPort).optional()),
  store: text(z.string('expected a folder or postgres://USER@HOST:PORT/DATABASE').optional()),
  /** Check the configuration and exit. */
  check: toggle(),
  help: toggle('h'),
  version: toggle(),
} as const;

/** The options of the server. */
export type Flags = ValuesOf<typeof serverParameters>;

export function readFlags(commandLine: readonly string[]): Flags | { errors: ConfigError[] } {
  return readCommandLine(commandLine, serverParameters);
}
