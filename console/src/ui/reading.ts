import { useEffect, useEffectEvent, useState } from 'react';

/**
 * Begins when the component is shown, when `key` changes, and at each call of the returned function. `begin` returns how to end, which happens
 * before the next begin. `key`: a text of all that `begin` depends on.
 */
export function useReading(key: string, begin: () => (() => void) | undefined): () => void {
  const [round, setRound] = useState(0);
  const onRound = useEffectEvent((_key: string, _round: number) => begin());
  useEffect(() => onRound(key, round), [key, round]);
  return () => setRound((now) => now + 1);
}
