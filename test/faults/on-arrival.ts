import type { LoggedRequest } from '../../src/sandbox-kit/request-log.ts';
import type { Sandbox } from '../../src/sandbox-kit/sandbox.ts';

/** Calls `happen` when a request has arrived, before the vendor handles it, until the returned function is called. */
export function onArrival({ requests }: Pick<Sandbox, 'requests'>, happen: (request: LoggedRequest) => void): () => void {
  const { add } = requests;
  requests.add = (request) => {
    add(request);
    happen(request);
  };
  return () => {
    requests.add = add;
  };
}
