import { z } from 'zod';

/** The credentials: a user, an OAuth token, or nothing if the cluster requires none. */
export interface KineticaSettings {
  username?: string | undefined;
  password?: string | undefined;
  token?: string | undefined;
}

/** Kinetica's own keys of a system in jobyard.yaml. */
export function createSettingsSchema(secret: z.ZodType<string>): z.ZodType<KineticaSettings> {
  return z
    .strictObject({
      // HTTP Basic ends the name at the first colon.
      username: z
        .string()
        .regex(/^[^:]+$/, 'expected a user name without a colon')
        .optional(),
      password: secret.optional(),
      token: secret.pipe(z.string().regex(/^[\x21-\x7e]+$/, 'expected an OAuth token of visible ASCII characters')).optional(),
    })
    .superRefine(({ username, password, token }, context) => {
      const reject = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
      if (token !== undefined && (username !== undefined || password !== undefined)) {
        reject('token', 'expected either token, or username and password, not both');
      } else if (username !== undefined && password === undefined) reject('password', 'missing: username requires a password');
      else if (password !== undefined && username === undefined) reject('username', 'missing: password requires a username');
    });
}

/** The value of the Authorization header; null: none is sent. */
export function toAuthorization({ username, password, token }: KineticaSettings): string | null {
  if (token !== undefined) return `Bearer ${token}`;
  if (username === undefined) return null;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`, 'utf8').toString('base64')}`;
}
