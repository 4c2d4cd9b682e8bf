import { useEffect, useState } from 'react';
import { query } from '../api/client.ts';
import { LiveBulkDocument } from '../api/generated/graphql.ts';
import { useMay } from '../session/viewer.ts';

const pollMs = 15_000;

/** The number of bulk operations that run now. 0 while it is unknown. */
export function useLiveBulkCount(): number {
  const mayRead = useMay('jobs:read');
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (!mayRead) return;
    const read = async (): Promise<void> => {
      if (document.hidden) return;
      const { data } = await query(LiveBulkDocument, {});
      setCount(data?.bulkOperations.nodes.length ?? 0);
    };
    void read();
    const timer = setInterval(read, pollMs);
    return () => clearInterval(timer);
  }, [mayRead]);
  return count;
}
