import { createServer } from 'node:http';
import { vendors as systemIds } from '../../ids.ts';
import { pagesOf1k } from '../../workloads.ts';
import { aliasedIds } from '../shared/aliased-ids.ts';
import { readSettings } from '../target.ts';
import { cancelJobs } from './cancel.ts';
import { createJobRead, listJobs } from './read.ts';
import { createVendors } from './vendors.ts';

/** The cost of the work alone: without GraphQL, checks, and limits. Recognizes the operations by their names. */
const { port, origins } = readSettings();
const vendors = createVendors(origins);
const readJobs = createJobRead(vendors);
const systems = systemIds.map((id) => ({ id }));

interface Body {
  operationName: string;
  query: string;
  variables?: Record<string, unknown>;
}

async function answer({ operationName, query, variables }: Body): Promise<object> {
  switch (operationName) {
    case 'Systems':
      return { jobSystems: systems };
    case 'List':
      return { jobs: { nodes: await listJobs(vendors, 100), complete: true } };
    case 'List1k': {
      const [first, second] = await Promise.all(pagesOf1k.map((systemIds) => listJobs(vendors, 500, systemIds)));
      return { first: { nodes: first, complete: true }, second: { nodes: second, complete: true } };
    }
    case 'ByIds':
      return { jobsByIds: await readJobs(variables?.ids as string[]) };
    case 'Aliases': {
      const jobs = await readJobs(aliasedIds({ query, ...(variables && { variables }) }));
      return Object.fromEntries(jobs.map((job, index) => [`j${index}`, job]));
    }
    case 'Cancel':
      return { cancelJobs: await cancelJobs(vendors, variables?.ids as string[]) };
    default:
      throw new Error(`No operation ${operationName}`);
  }
}

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(JSON.parse(Buffer.concat(chunks).toString('utf8'))).then(
      (data) => {
        const body = JSON.stringify({ data });
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
      },
      (error: unknown) => {
        process.stdout.write(`${error}\n`);
        response.writeHead(500).end();
      },
    );
  });
}).listen(port, '127.0.0.1');

process.on('SIGTERM', () => process.exit(0));
