import { z } from 'zod';
import { readTextFile } from './text-file.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A secret as written in the file: where it is. */
export const secretReference = z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })]);

/** The schema of a secret: a reference to an environment variable or a file, replaced by its value. Its errors never show a value. */
export function createSecretSchema(environment: Environment): z.ZodType<string> {
  return z.unknown().transform((input, context) => {
    const fail = (message: string) => {
      context.addIssue({ code: 'custom', message, params: { includesValue: true } });
      return z.NEVER;
    };
    const source = secretReference.safeParse(input).data;
    if (!source) {
      const came = input === undefined || input === null ? 'nothing' : 'something else';
      return fail(`expected { env: NAME } or { file: PATH } (the configuration never contains secrets), got ${came}`);
    }
    if ('env' in source) {
      const value = environment[source.env];
      // A variable that was set from a file may start with the file's byte order mark.
      const secret = value?.replace(/^\uFEFF/, '');
      if (secret) return secret;
      return fail(
        `expected the environment variable ${source.env} to contain the secret, it is ${value === undefined ? 'not set' : 'empty'}`,
      );
    }
    const contents = readTextFile(source.file);
    if ('obstacle' in contents) return fail(`expected the file ${source.file} to contain the secret, it ${contents.obstacle}`);
    return contents.text.trimEnd() || fail(`expected the file ${source.file} to contain the secret, it is empty`);
  });
}
