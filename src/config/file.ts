import { parseDocument } from 'yaml';
import { type ConfigError, describeValue } from './config-errors.ts';
import { readTextFile } from './text-file.ts';

/** Reads the top level of a YAML file. Errors suggest `topKeys`. */
export function readConfigFile(file: string, topKeys: readonly string[]): { value: Record<string, unknown> } | { errors: ConfigError[] } {
  const contents = readTextFile(file);
  if ('obstacle' in contents) return { errors: [`${file}: expected a configuration file, it ${contents.obstacle}`] };
  const document = parseDocument(contents.text);
  const syntax = document.errors.map((error) => `${file}: expected YAML, ${error.message.split('\n')[0]?.replace(/:$/, '')}`);
  if (syntax.length > 0) return { errors: syntax };
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    return { errors: [`${file}: expected YAML, ${error instanceof Error ? error.message : String(error)}`] };
  }
  const expected = `${file}: expected the keys ${topKeys.join(', ')}`;
  if (value === null || value === undefined) return { errors: [`${expected}, the file is empty`] };
  if (typeof value !== 'object' || Array.isArray(value)) return { errors: [`${expected}, got ${describeValue(value)}`] };
  return { value: { ...value } };
}
