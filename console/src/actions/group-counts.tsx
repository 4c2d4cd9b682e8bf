import type { ReactElement } from 'react';
import type { JobAction } from '../api/generated/graphql.ts';
import { Status } from '../ui/parts.tsx';
import { type ActionResult, groupOf, groups } from './group.ts';
import { describeGroup } from './group-words.ts';

/** The results of a dry run, counted by group, with the reason of one of them. */
export function GroupCounts({ results, action = 'CANCEL' }: { results: readonly ActionResult[]; action?: JobAction }): ReactElement {
  const byGroup = Map.groupBy(results, (result) => groupOf(result));
  return (
    <ul className="group-counts" aria-label="Dry run">
      {groups.flatMap((group) => {
        const those = byGroup.get(group) ?? [];
        const [first] = those;
        if (!first) return [];
        return [
          <li key={group}>
            <Status look={describeGroup(group, action)} />
            <strong>{those.length}</strong>
            {'message' in first && <span className="hint">{first.message}</span>}
          </li>,
        ];
      })}
    </ul>
  );
}
