import { type Invalid, invalid, isRejection, type Rejection } from './errors.ts';
import { parseTime } from './parameters.ts';

type Check = (value: unknown) => string | null;

/** What a field of a body may contain; the messages are Pydantic's. */
export const anyOf = {
  boolean: (value) => (typeof value === 'boolean' ? null : 'Input should be a valid boolean'),
  text: (value) => (value === null || typeof value === 'string' ? null : 'Input should be a valid string'),
  count: (value) => (Number.isInteger(value) && Number(value) >= 0 ? null : 'Input should be greater than or equal to 0'),
  texts: (value) =>
    value === null || (Array.isArray(value) && value.every((item) => item === null || typeof item === 'string'))
      ? null
      : 'Input should be a valid list',
  time: (value) => (value === null || (typeof value === 'string' && parseTime(value)?.hasZone) ? null : 'Input should have timezone info'),
  note: (value) => {
    if (value !== null && typeof value !== 'string') return 'Input should be a valid string';
    return [...(value ?? '')].length > 1_000 ? 'String should have at most 1000 characters' : null;
  },
  object: (value) => (value === null || (typeof value === 'object' && !Array.isArray(value)) ? null : 'Input should be a valid dictionary'),
  anything: () => null,
} as const satisfies Record<string, Check>;

/** Reads a body as Pydantic does: a field that the release doesn't know is rejected. */
export function readBody(
  text: string,
  fields: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
): Record<string, unknown> | Rejection {
  const body = parse(text);
  if (isRejection(body)) return body;
  const wrong: Invalid[] = [];
  for (const [name, input] of Object.entries(body)) {
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const msg = check ? check(input) : 'Extra inputs are not permitted';
    if (msg !== null) wrong.push({ type: check ? typeOf(msg) : 'extra_forbidden', loc: ['body', name], msg, input });
  }
  for (const name of required) {
    if (!Object.hasOwn(body, name)) wrong.push({ type: 'missing', loc: ['body', name], msg: 'Field required', input: body });
  }
  return wrong.length > 0 ? invalid(...wrong) : body;
}

function typeOf(message: string): string {
  if (message.includes('at most')) return 'string_too_long';
  if (message.includes('dictionary')) return 'dict_type';
  return message.includes('timezone') ? 'timezone_aware' : 'model_attributes_type';
}

function parse(text: string): Record<string, unknown> | Rejection {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    return invalid({ type: 'model_attributes_type', loc: ['body'], msg: 'Input should be a valid dictionary or object', input: value });
  } catch {
    return text === ''
      ? invalid({ type: 'missing', loc: ['body'], msg: 'Field required', input: null })
      : invalid({ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} });
  }
}
