import type { ReactElement } from 'react';
import { formatAge, formatInFull, formatTime } from './format.ts';
import { useNow } from './now.ts';
import { useZone } from './zone.ts';

/** A point in time: absolute, with its age. The tooltip has both zones. */
export function Time({ at, age = false }: { at: string; age?: boolean }): ReactElement {
  const zone = useZone();
  const nowMs = useNow();
  const timeMs = Date.parse(at);
  return (
    <time dateTime={at} title={formatInFull(timeMs)} className="time">
      {formatTime(timeMs, zone, nowMs)}
      {age && <span className="age"> · {formatAge(nowMs - timeMs)}</span>}
    </time>
  );
}
