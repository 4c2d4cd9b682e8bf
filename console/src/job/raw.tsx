import { type ReactElement, useState } from 'react';
import { query } from '../api/client.ts';
import { describeFailure } from '../api/failure.ts';
import { JobRawDocument } from '../api/generated/graphql.ts';

/** The vendor's own fields, read when they are unfolded. */
export function Raw({ id }: { id: string }): ReactElement {
  const [text, setText] = useState<string | null>(null);
  const read = async (isOpen: boolean): Promise<void> => {
    if (!isOpen || text !== null) return;
    const { data, failure } = await query(JobRawDocument, { id });
    if (data?.job.__typename === 'Job') setText(JSON.stringify(data.job.raw, null, 2));
    else setText(data ? data.job.message : describeFailure(failure));
  };
  return (
    <details className="card raw" onToggle={({ currentTarget }) => void read(currentTarget.open)}>
      <summary>The system’s own fields</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <pre tabIndex={0}>{text ?? 'Reading…'}</pre>
    </details>
  );
}
