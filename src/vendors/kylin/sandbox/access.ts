import { type Account, hasPermission } from './accounts.ts';
import type { Projects } from './projects.ts';
import { accessDenied, projectEmpty, projectUnknown, type Rejection } from './rejections.ts';

/** Why this account may not operate the jobs of this project (Kylin AclEvaluate), or undefined. */
export function checkOperation(projects: Projects, account: Account, project: string): Rejection | undefined {
  if (project === '') return projectEmpty();
  const found = projects.find(project);
  if (!found) return projectUnknown(project);
  return hasPermission(account, found.name, 'OPERATION') ? undefined : accessDenied();
}
