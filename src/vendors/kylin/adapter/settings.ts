import { z } from 'zod';
import { maxProjects } from './project-discovery.ts';

/** The account that all requests use, and the projects. */
export interface KylinSettings {
  username: string;
  password: string;
  /** The only projects whose jobs Jobyard lists and reads. Default: all in which the account has the Operation permission. */
  projects?: readonly string[] | undefined;
}

const projectName = 'expected the name of a project';

/** Kylin's own keys of a system in jobyard.yaml. */
export function createSettingsSchema(secret: z.ZodType<string>): z.ZodType<KylinSettings> {
  return z.strictObject({
    // HTTP Basic ends the name at the first colon.
    username: z.string().regex(/^[^:]+$/, 'expected a user name without a colon'),
    password: secret,
    projects: z
      .array(z.string(projectName).trim().min(1, projectName), 'expected a list of project names')
      .min(1, 'expected at least one project; remove the key for all projects')
      .max(maxProjects, `expected at most ${maxProjects} projects`)
      .refine(areDifferent, 'expected each project once, whatever its case')
      .optional(),
  });
}

/** Kylin ignores the case of a project's name. */
function areDifferent(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size === names.length;
}
