import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const reference = z.union(
  [z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  'expected { env: NAME } or { file: PATH } (secrets never stand in the configuration itself)',
);

/** The schema of a secret: a reference to an environment variable or a file, replaced by what it holds. */
export function createSecretSchema(environment: Environment): z.ZodType<string> {
  return reference.transform((source, context) => {
    const fail = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if ('env' in source) {
      const value = environment[source.env];
      return value
        ? value
        : fail(`expected the environment variable ${source.env} to hold the secret, it is ${value === '' ? 'empty' : 'not set'}`);
    }
    try {
      const value = readFileSync(source.file, 'utf8').trimEnd();
      return value ? value : fail(`expected the file ${source.file} to hold the secret, it is empty`);
    } catch (error) {
      return fail(
        `expected the file ${source.file} to hold the secret, it can't be read (${error instanceof Error && 'code' in error ? error.code : 'unknown'})`,
      );
    }
  });
}
