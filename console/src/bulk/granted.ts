import { scopeFor } from '../actions/plan.ts';
import type { BulkPreviewQuery, JobAction } from '../api/generated/graphql.ts';
import { may, type Viewer } from '../session/viewer.ts';
import { actionWords, jobActions } from '../ui/status.ts';

/** The actions that the caller can perform on some system. */
export function grantedActions(caller: Viewer | null): readonly JobAction[] {
  return jobActions.filter((action) => may(caller, scopeFor(action)));
}

/** Why the caller can't start the previewed operation. Null: it can act on at least one of the systems, and items on the others fail. */
export function whyNotGranted(
  { action, systems }: Pick<BulkPreviewQuery['previewBulkAction'], 'action' | 'systems'>,
  caller: Viewer | null,
) {
  const scope = scopeFor(action);
  const matched = systems.filter(({ matchedCount }) => matchedCount > 0).map(({ system }) => system);
  if (matched.length === 0 || matched.some(({ id }) => may(caller, scope, id))) return null;
  const titles = matched.map(({ title }) => title).join(', ');
  const scopes = matched.map(({ id }) => `${scope}@${id}`).join(', ');
  return `You can’t ${actionWords[action].verb.toLowerCase()} on ${titles} (needs ${scopes})`;
}
