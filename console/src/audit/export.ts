import { type Answer, query } from '../api/client.ts';
import { describeFailure } from '../api/failure.ts';
import { EventsDocument, type EventsQuery, type JobEventFilter } from '../api/generated/graphql.ts';
import { csvHead, toCsvLine } from './csv.ts';

export type ExportFormat = 'csv' | 'jsonl';

const pageSize = 500;
const maxRows = 50_000;

export interface Export {
  text: string;
  rows: number;
  /** Why events of the filter are missing. Null: none are. */
  cut: string | null;
}

/** Reads all events of the filter, at most `maxRows`. `onProgress` gets the number of rows so far. */
export async function exportEvents(filter: JobEventFilter, format: ExportFormat, onProgress: (rows: number) => void): Promise<Export> {
  const lines = format === 'csv' ? [csvHead] : [];
  let rows = 0;
  let after: string | null = null;
  let cut: string | null = null;
  do {
    const answer: Answer<EventsQuery> = await query(EventsDocument, { filter, first: pageSize, after });
    if (!answer.data) {
      cut = describeFailure(answer.failure);
      break;
    }
    const { nodes, pageInfo }: EventsQuery['jobEvents'] = answer.data.jobEvents;
    for (const event of nodes) lines.push(format === 'csv' ? toCsvLine(event) : JSON.stringify(event));
    rows += nodes.length;
    onProgress(rows);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    if (after !== null && rows >= maxRows) {
      cut = `Cut after ${maxRows.toLocaleString('en-US')} rows. Narrow the filter to get the rest.`;
      break;
    }
  } while (after !== null);
  return { text: `${lines.join('\n')}\n`, rows, cut };
}

/** Hands the text to the browser as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
