import { jobFields } from '../workloads.ts';

/** A live list that a caller keeps open. */
export interface LiveList {
  /** Events so far. */
  events(): number;
  close(): void;
}

const query = `subscription Live {
  jobListChanged(first: 100) {
    __typename
    ... on JobListPage { page { nodes { ${jobFields} } } }
    ... on JobEntered { job { ${jobFields} } }
    ... on JobChanged { job { ${jobFields} } }
    ... on JobLeft { jobId }
  }
}`;

/** Subscribes, and returns after the list's first page. */
export async function openLiveList(origin: string, headers: Record<string, string>): Promise<LiveList> {
  const closing = new AbortController();
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
    signal: closing.signal,
  });
  if (response.status !== 200 || !response.body) throw new Error(`The live list: HTTP ${response.status}: ${await response.text()}`);
  const chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let events = 0;
  const take = async (): Promise<boolean> => {
    const { value, done } = await chunks.next();
    if (value?.includes('"errors":')) throw new Error(`The live list: ${value}`);
    events += value?.match(/^event: next/gm)?.length ?? 0;
    return !done;
  };
  while (events === 0) if (!(await take())) throw new Error('The live list ended');
  const readOn = async (): Promise<void> => {
    while (await take());
  };
  readOn().catch((error: unknown) => {
    if (!closing.signal.aborted) throw error;
  });
  return { events: () => events, close: () => closing.abort() };
}
