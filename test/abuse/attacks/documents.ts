import { type Attack, repeat } from '../attack.ts';
import { post } from '../client.ts';

/** Documents that cost more than they seem to. */
export const documentAttacks: readonly Attack[] = [
  {
    name: 'aliased-lists',
    title: '40 requests at a time, each of 190 aliases of jobs(first: 1) of one system',
    run: (target, signal) => {
      const query = aliases(190, 'jobs(first: 1, filter: { systemIds: ["kylin"] }) { nodes { id } }');
      return repeat(40, signal, async () => void (await post(target, target.keys.reader, { query }, signal)));
    },
  },
  {
    name: 'introspection',
    title: '_service × 500, __schema × 200, __type × 499, four at a time',
    run: (target, signal) => {
      const documents = [
        aliases(500, '_service { sdl }'),
        aliases(200, '__schema { types { name fields { name description type { name } } } }'),
        aliases(499, '__type(name: "Job") { fields { name description type { name ofType { name } } } }'),
        `{ __schema { types { fields { type { ${'ofType { '.repeat(200)} name ${'}'.repeat(200)} } } } }`,
      ];
      return repeat(4, signal, async (loop) => void (await post(target, target.keys.reader, { query: documents[loop] ?? '' }, signal)));
    },
  },
  {
    name: 'previews',
    title: '490 previewBulkAction in a document, four at a time',
    run: (target, signal) => {
      const query = aliases(490, 'previewBulkAction(action: CANCEL, filter: { systemIds: ["kylin"] }) { matchedCount }');
      return repeat(4, signal, async () => void (await post(target, target.keys.operators[0] as string, { query }, signal)));
    },
  },
  {
    name: 'repeated-fields',
    title: 'fields by the thousand, unknown directives, fragments in fragments; eight at a time',
    run: (target, signal) => {
      const documents = [
        `{ jobs { nodes { ${'id '.repeat(7_000)} } } }`,
        `{ jobs { nodes { ${'id @a @b @c @d @e @f @g @h @i @j '.repeat(1_000)} } } }`,
        `{ jobs { nodes { ...f0 } } } ${Array.from({ length: 200 }, (_, index) => `fragment f${index} on Job { ...f${index + 1} ...f${index + 1} }`).join(' ')} fragment f200 on Job { id }`,
        `{ jobs { nodes { ${Array.from({ length: 400 }, (_, index) => `unknown${index}`).join(' ')} } } }`,
      ];
      return repeat(8, signal, async (loop) => void (await post(target, target.keys.reader, { query: documents[loop % 4] ?? '' }, signal)));
    },
  },
  {
    name: 'nested-bodies',
    title: 'bodies and variables of 1 MB of [, eight at a time',
    run: (target, signal) => {
      const brackets = '['.repeat(1_000_000);
      const bodies = [brackets, `{"query":"{ jobSystems { id } }","variables":{"a":${'['.repeat(490_000)}${']'.repeat(490_000)}}}`];
      return repeat(8, signal, async (loop) => void (await post(target, target.keys.reader, bodies[loop % 2] as string, signal)));
    },
  },
];

function aliases(count: number, field: string): string {
  return `{ ${Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ')} }`;
}
