import { Agent, request } from 'undici';
import type { Target } from './attack.ts';

const agent = new Agent({ connections: 256, headersTimeout: 120_000, bodyTimeout: 120_000 });

export interface Answer {
  status: number;
  text: string;
}

/** Posts a GraphQL operation, or any other body. */
export async function post(
  { origin }: Pick<Target, 'origin'>,
  key: string,
  body: string | { query: string; variables?: Record<string, unknown> },
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await request(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    dispatcher: agent,
    ...(signal && { signal }),
  });
  return { status: response.statusCode, text: await response.body.text() };
}

export async function get(url: string): Promise<number> {
  const response = await request(url, { dispatcher: agent });
  await response.body.dump();
  return response.statusCode;
}

/** The ids of jobs that could be canceled, as many as there are, up to `max`. */
export async function listCancellable(target: Target, key: string, systemIds: readonly string[], max: number): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  while (ids.length < max) {
    const { text } = await post(target, key, { query: list, variables: { systemIds, after } });
    const { data } = JSON.parse(text) as {
      data: { jobs: { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } };
    };
    ids.push(...data.jobs.nodes.map(({ id }) => id));
    if (!data.jobs.pageInfo.hasNextPage) break;
    after = data.jobs.pageInfo.endCursor;
  }
  return ids.slice(0, max);
}

/** Jobyard opens its store at the first use of it. */
export async function openStore(target: Target): Promise<void> {
  const { text } = await post(target, target.keys.bystander, { query: '{ jobEvents(first: 1) { nodes { id } } }' });
  if (!text.includes('"nodes"')) throw new Error(`The store was not opened: ${text}`);
}

const list = `query ($systemIds: [ID!], $after: String) {
  jobs(filter: { systemIds: $systemIds, availableAction: CANCEL }, first: 500, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } }
}`;
