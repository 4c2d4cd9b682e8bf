import { createProblem, describeStatus, mayBeCarriedOut, quote, type Reply, readJson, type WireResponse } from 'jobyard/adapter';
import { errorSchema } from './wire.ts';

/** What a response other than 200 means. The value null: there is no such run. */
export function readFailure(systemId: string, response: WireResponse): Reply<null> {
  const { status } = response;
  const error = errorSchema.safeParse(readJson(response)).data?.error;
  // Another server's response, such as a proxy's: only its status means something.
  if (!error || status === 401 || status === 429 || status >= 500) {
    return { kind: 'failed', problem: describeStatus(systemId, response), mayHaveArrived: mayBeCarriedOut(status) };
  }
  if (status === 404 && error.code === 'no_such_run') return { kind: 'value', value: null };
  const code = status === 403 ? 'ACCESS_DENIED' : 'VENDOR_REJECTED';
  const problem = createProblem(code, `${systemId} rejected the request (HTTP ${status}): ${quote(error.message)}.`);
  return { kind: 'rejected', problem, vendorCode: error.code };
}
