import { z } from 'zod';
import { type CredentialSource, isHeaderSafe } from '../../vendor.ts';

/** Airflow's own keys of a system in jobyard.yaml. */
export interface AirflowSettings {
  /** Log in with these. Absent with a token, or if each caller sends its own token. */
  username?: string | undefined;
  password?: string | undefined;
  /** A token that was issued elsewhere. Jobyard can't renew it. */
  token?: string | undefined;
  /** Whether a cancellation appends a line to the run's note, which also shows later that Jobyard canceled the run. */
  cancellationNotes: boolean;
}

export function createSettingsSchema(secret: z.ZodType<string>, credentials: CredentialSource = 'configured'): z.ZodType<AirflowSettings> {
  const cancellationNotes = z.boolean('expected true or false').default(true);
  if (credentials === 'passthrough') return z.strictObject({ cancellationNotes });
  return z
    .strictObject({
      username: z.string('expected a user name').min(1, 'expected a user name').optional(),
      password: secret.optional(),
      token: secret.refine(isHeaderSafe, 'expected a token of visible ASCII characters').optional(),
      cancellationNotes,
    })
    .superRefine(({ username, password, token }, context) => {
      const reject = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
      if (token !== undefined) {
        if (username !== undefined || password !== undefined) reject('token', 'expected either token, or username and password, not both');
      } else if (username === undefined) reject('username', 'missing: Airflow requires username and password, or token');
      else if (password === undefined) reject('password', 'missing: username requires a password');
    });
}
