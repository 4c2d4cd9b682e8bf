import { type ReactElement, useEffect, useState } from 'react';
import { isAway, lastResponseMs } from '../api/client.ts';
import { nowMs } from '../api/clock.ts';
import { readViewer, viewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { readSystems } from '../systems/systems.ts';
import { formatTime } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { useZone } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/parts.tsx';

const retryMs = 5_000;
const warningMs = 120_000;

/** Said while Jobyard doesn't respond; it is asked again and again. */
export function AwayNotice(): ReactElement | null {
  const away = useStore(isAway);
  const last = useStore(lastResponseMs);
  const zone = useZone();
  const [nextMs, setNextMs] = useState(0);
  const now = useNow();
  useEffect(() => {
    if (!away) return;
    setNextMs(nowMs() + retryMs);
    const timer = setInterval(() => {
      setNextMs(nowMs() + retryMs);
      void readViewer();
    }, retryMs);
    return () => clearInterval(timer);
  }, [away]);
  if (!away) return null;
  const since = last === null ? '' : ` This page is from ${formatTime(last, zone, now)}.`;
  return (
    <Notice tone="danger" actions={<Button onClick={() => void Promise.all([readViewer(), readSystems()])}>Retry now</Button>}>
      Jobyard is unreachable.{since} Next attempt in {Math.max(0, Math.ceil((nextMs - now) / 1000))} s.
    </Notice>
  );
}

/** Shown two minutes before the caller's token expires. */
export function ExpiryNotice(): ReactElement | null {
  const caller = useStore(viewer);
  const zone = useZone();
  const now = useNow();
  if (!caller?.expiresAt) return null;
  const endMs = Date.parse(caller.expiresAt);
  if (endMs - now > warningMs || endMs < now) return null;
  return <Notice tone="warning">Your token expires at {formatTime(endMs, zone, now)}. Sign in with a new one before then.</Notice>;
}
