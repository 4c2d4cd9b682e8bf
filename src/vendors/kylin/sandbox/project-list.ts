import { type Account, hasPermission, isPermission, permissionIn } from './accounts.ts';
import { createParameterReader } from './parameters.ts';
import { permissionUnknown, type Rejection } from './rejections.ts';
import type { KylinState } from './state.ts';
import type { KylinSwitches } from './switches.ts';

/** `GET /projects`: the projects in which the caller has the named permission. Default: READ. */
export function listProjects(
  state: KylinState,
  account: Account,
  query: URLSearchParams,
  switches: KylinSwitches,
): { data: unknown } | Rejection {
  const read = createParameterReader(query, switches);
  const name = read.text('project')?.toLowerCase() ?? '';
  const pageOffset = read.integer('page_offset', 0);
  const pageSize = read.integer('page_size', 10);
  const exact = read.boolean('exact', false);
  const bound = read.rejection();
  if (bound) return bound;
  const permission = read.text('permission') || 'READ';
  if (!isPermission(permission)) return permissionUnknown(permission);
  const projects = state.projects
    .all()
    .filter((project) => hasPermission(account, project.name, permission))
    .filter((project) => name === '' || (exact ? project.name.toLowerCase() === name : project.name.toLowerCase().includes(name)));
  const from = pageOffset * pageSize;
  const value = projects.slice(from, from + pageSize).map((project) => ({
    uuid: project.uuid,
    name: project.name,
    owner: project.owner,
    status: 'ENABLED',
    description: project.description,
    permission: permissionIn(account, project.name),
  }));
  return { data: { value, total_size: projects.length, offset: pageOffset, limit: pageSize } };
}
