import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const reference = z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })]);

/** The schema of a secret: a reference to an environment variable or a file, replaced by what it holds. Its mistakes never show a value. */
export function createSecretSchema(environment: Environment): z.ZodType<string> {
  return z.unknown().transform((input, context) => {
    const fail = (message: string) => {
      context.addIssue({ code: 'custom', message, params: { saysWhatCame: true } });
      return z.NEVER;
    };
    const source = reference.safeParse(input).data;
    if (!source) {
      const came = input === undefined || input === null ? 'nothing' : 'something else';
      return fail(`expected { env: NAME } or { file: PATH } (secrets never stand in the configuration itself), got ${came}`);
    }
    if ('env' in source) {
      const value = environment[source.env];
      if (value) return value;
      return fail(`expected the environment variable ${source.env} to hold the secret, it is ${value === '' ? 'empty' : 'not set'}`);
    }
    try {
      const value = readFileSync(source.file, 'utf8').trimEnd();
      return value || fail(`expected the file ${source.file} to hold the secret, it is empty`);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
      return fail(`expected the file ${source.file} to hold the secret, it can't be read (${code})`);
    }
  });
}
