import { mixedId, type VendorName, vendorId } from './ids.ts';

export interface GraphqlRequest {
  operationName?: string;
  query: string;
  variables?: Record<string, unknown>;
}

/** One kind of operation, done over and over. */
export interface Workload {
  name: string;
  title: string;
  /** The GraphQL request of the operation of this number. */
  request(operation: number): GraphqlRequest;
  /** Operations under way at one time. */
  connections: number;
  /** The stub's lists show the jobs of one cancel at a time, so no other number of connections is possible. */
  oneAtATime?: boolean;
  /** Jobs that Kinetica runs; its list shows as many that have ended. */
  kineticaRows: number;
  /** Jobs in each of Vault's two lists: 50 if not given. */
  vaultRows?: number;
  /** Of each vendor answer, where slow vendors are what is measured. */
  latencyMs?: number;
  /** The fewest vendor requests, from what the vendors' pages allow; the README derives them. */
  leastVendorRequests: number;
  /** Each connection is one caller of its own, and what counts is whether all are served alike. */
  judgesCallers?: boolean;
  /** A text in every response. */
  expects: string;
  /** So many operations instead of so many seconds. */
  operations?: number;
  /** Jobs that one operation is about, where the cost of each is asked. */
  jobs?: number;
}

export const jobFields = 'id systemId vendorId name type status vendorStatus isTerminal owner createdAt startedAt finishedAt';

/** W1. */
export const listPage = `query List { jobs(first: 100) { nodes { ${jobFields} } complete } }`;

/** The systems of each page of W1k: Jobyard's pages have at most 500 jobs. */
export const pagesOf1k: readonly VendorName[][] = [
  ['kinetica', 'veeva-vault'],
  ['kylin', 'aodocs'],
];
const pageOf500 = (systemIds: readonly VendorName[]): string =>
  `jobs(first: 500, filter: { systemIds: ${JSON.stringify(systemIds)} }) { nodes { ${jobFields} } complete }`;
const twoPages = `query List1k { first: ${pageOf500(pagesOf1k[0] ?? [])} second: ${pageOf500(pagesOf1k[1] ?? [])} }`;
const byIds = `query ByIds($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { ${jobFields} } } }`;
const cancel = `mutation Cancel($ids: [ID!]!) {
  cancelJobs(input: { ids: $ids }) {
    results { __typename ... on CancelSuccess { jobId outcome } ... on JobError { jobId code message } }
    summary { requested succeeded failed unknown }
  }
}`;

/** Jobs of all systems. Only Kinetica's are the same each time: its list can't show others. */
function mixedIds(operation: number, count: number, fixedKinetica: boolean): string[] {
  return Array.from({ length: count }, (_, index) => mixedId(fixedKinetica && index % 4 === 0 ? 0 : operation, index));
}

/** An alias for each id; `idOf` writes the id down. */
function aliases(count: number, idOf: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `j${index}: job(id: ${idOf(index)}) { ... on Job { ${jobFields} } }`).join(' ');
}

/** One document for all operations, as generated clients send it. */
const aliasesOfVariables = `query Aliases(${Array.from({ length: 100 }, (_, index) => `$i${index}: ID!`).join(' ')}) { ${aliases(100, (index) => `$i${index}`)} }`;

function cancelWorkload(name: string, jobs: number, leastVendorRequests: number, operations?: number): Workload {
  return {
    name,
    title: operations ? `cancel ${jobs * operations} ids in calls of ${jobs}` : `cancel ${jobs} ids of four systems`,
    request: (operation) => ({ operationName: 'Cancel', query: cancel, variables: { ids: mixedIds(operation, jobs, false) } }),
    connections: 1,
    oneAtATime: true,
    kineticaRows: jobs / 4,
    leastVendorRequests,
    expects: `"succeeded":${jobs}`,
    jobs,
    ...(operations && { operations }),
  };
}

const watchedIds = mixedIds(0, 50, true);

export const workloads: readonly Workload[] = [
  {
    name: 'W1',
    title: 'jobs(first: 100) over four systems',
    request: () => ({ operationName: 'List', query: listPage }),
    connections: 4,
    kineticaRows: 100,
    leastVendorRequests: 5,
    expects: '"complete":true',
  },
  {
    name: 'W1k',
    title: '1,000 jobs: two pages of 500, each over two systems',
    request: () => ({ operationName: 'List1k', query: twoPages }),
    connections: 4,
    kineticaRows: 250,
    vaultRows: 125,
    leastVendorRequests: 7,
    expects: '"second":{"nodes":[{"id":"kylin:',
  },
  {
    name: 'W2',
    title: '100 jobs by id, jobsByIds',
    request: (operation) => ({ operationName: 'ByIds', query: byIds, variables: { ids: mixedIds(operation, 100, true) } }),
    connections: 4,
    kineticaRows: 100,
    leastVendorRequests: 76,
    expects: '"supplier_scorecard"',
  },
  {
    name: 'W2a',
    title: '100 jobs by id, 100 aliases with variables',
    request: (operation) => ({
      operationName: 'Aliases',
      query: aliasesOfVariables,
      variables: Object.fromEntries(mixedIds(operation, 100, true).map((id, index) => [`i${index}`, id])),
    }),
    connections: 4,
    kineticaRows: 100,
    leastVendorRequests: 76,
    expects: '"j99":{"id":"aodocs:',
  },
  {
    name: 'W2t',
    title: '100 jobs by id, 100 aliases with the ids written in the document: another document each time',
    request(operation) {
      const ids = mixedIds(operation, 100, true);
      return { operationName: 'Aliases', query: `query Aliases { ${aliases(100, (index) => `"${ids[index]}"`)} }` };
    },
    connections: 4,
    kineticaRows: 100,
    leastVendorRequests: 76,
    expects: '"j99":{"id":"aodocs:',
  },
  cancelWorkload('W3', 500, 133),
  cancelWorkload('W3b', 2000, 511),
  {
    ...cancelWorkload('W3v', 2000, 4),
    title: 'cancel 2000 ids of Veeva Vault',
    request: (operation) => ({
      operationName: 'Cancel',
      query: cancel,
      variables: { ids: Array.from({ length: 2000 }, (_, index) => `veeva-vault:${vendorId('veeva-vault', operation, index)}`) },
    }),
  },
  {
    name: 'W4',
    title: 'jobSystems { id }',
    request: () => ({ operationName: 'Systems', query: 'query Systems { jobSystems { id } }' }),
    connections: 8,
    kineticaRows: 100,
    leastVendorRequests: 0,
    expects: '{"id":"aodocs"}',
  },
  {
    name: 'W5',
    title: 'repeated reads of the same 50 jobs by 200 watchers',
    request: () => ({ operationName: 'ByIds', query: byIds, variables: { ids: watchedIds } }),
    connections: 200,
    kineticaRows: 100,
    leastVendorRequests: 25,
    expects: '"supplier_scorecard"',
  },
  {
    name: 'W5s',
    title: '200 callers, each reading jobs of its own, from vendors that answer after 200 ms',
    request: (operation) => ({ operationName: 'ByIds', query: byIds, variables: { ids: mixedIds(operation, 4, true) } }),
    connections: 200,
    kineticaRows: 100,
    leastVendorRequests: 4,
    expects: '"supplier_scorecard"',
    latencyMs: 200,
    judgesCallers: true,
  },
  cancelWorkload('C10k', 2000, 511, 5),
  cancelWorkload('C100k', 2000, 511, 50),
];

/** What `npm run bench` runs when no workload is named. */
export const defaultWorkloads = ['W1', 'W1k', 'W2', 'W2a', 'W2t', 'W3', 'W3b', 'W3v', 'W4', 'W5', 'W5s'];
