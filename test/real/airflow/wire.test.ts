import { beforeAll, describe, expect, it } from 'vitest';
import { send, wireFacts } from '../../vendors/airflow/wire-facts.ts';
import { connectToAirflow, type RealClient, until, whyNot } from './client.ts';

const run = '/api/v2/dags/sleeps/dagRuns/fact';

describe.skipIf(whyNot !== null)(`what the sandbox responds, and a real Airflow (${whyNot ?? '3.3.2'})`, () => {
  let client: RealClient;

  beforeAll(async () => {
    client = await connectToAirflow();
    await client.request('POST', '/dags/sleeps/dagRuns', { logical_date: null, dag_run_id: 'fact', conf: { seconds: 600 } });
    await client.untilTask('sleeps/fact', 'rest', 'running');
    // A log exists once its first entry was written.
    await until('the log exists', async () =>
      (await fetch(`${client.url}${run}/taskInstances/rest/logs/1`, { headers: { authorization: `Bearer ${client.tokens.user}` } })).ok
        ? true
        : null,
    );
  });

  it.each(wireFacts)('$title', async (fact) => {
    const { status, text } = await send(fact, { url: client.url, tokens: client.tokens, run });
    expect({ status, text }).toEqual({ status: fact.status, text: expect.stringContaining(fact.contains) });
  });
});
