import { vendorNames } from '../../vendors/subjects.ts';
import { type Attack, repeat } from '../attack.ts';
import { listCancellable, post } from '../client.ts';

const cancel =
  'mutation ($ids: [ID!]!, $reason: String) { cancelJobs(input: { ids: $ids, reason: $reason }) { summary { requested } results { __typename } } }';

/** Mutations that cause more writes than actions, or repeat the same request. */
export const actionAttacks: readonly Attack[] = [
  {
    name: 'long-ids',
    title: 'cancelJobs of one id of 1 MB by a key without the scope, eight at a time',
    run: (target, signal) => {
      const ids = [`kylin:${'x'.repeat(1_000_000)}`];
      return repeat(8, signal, async () => void (await post(target, target.keys.reader, { query: cancel, variables: { ids } }, signal)));
    },
  },
  {
    name: 'long-reasons',
    title: 'one reason of 900 kB in 400 cancelJobs of a document, two at a time',
    run: (target, signal) => {
      const fields = Array.from(
        { length: 400 },
        (_, index) => `a${index}: cancelJobs(input: { ids: ["kylin:x"], reason: $reason }) { summary { requested } }`,
      );
      const query = `mutation ($reason: String) { ${fields.join(' ')} }`;
      const variables = { reason: 'r'.repeat(900_000) };
      return repeat(2, signal, async () => void (await post(target, target.keys.operators[0] as string, { query, variables }, signal)));
    },
  },
  {
    name: 'unknown-jobs',
    title: 'cancelJobs of 2,000 unknown jobs, 20 at a time, by one caller',
    run: (target, signal) => {
      const ids = Array.from({ length: 2_000 }, (_, index) => `kylin:00000000-0000-0000-0000-${String(index).padStart(12, '0')}`);
      const key = target.keys.operators[0] as string;
      return repeat(20, signal, async () => void (await post(target, key, { query: cancel, variables: { ids, reason: 'abuse' } }, signal)));
    },
  },
  {
    name: 'same-jobs',
    title: '50 callers cancel the same 2,000 jobs',
    async run(target, signal) {
      const ids = await listCancellable(target, target.keys.operators[0] as string, vendorNames, 2_000);
      await repeat(target.keys.operators.length, signal, async (loop) => {
        await post(target, target.keys.operators[loop] as string, { query: cancel, variables: { ids, reason: 'incident' } }, signal);
      });
    },
  },
];
