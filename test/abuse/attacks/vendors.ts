import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultMaxResponseBytes } from '../../../src/config/systems.ts';
import { type Attack, repeat } from '../attack.ts';
import { post } from '../client.ts';

/** A length that no limit rejects. */
const bodyBytes = defaultMaxResponseBytes - 1_000;
const integer = '12345678901234567890,';
const row = `{"uuid":"00000000-0000-4000-8000-000000000000","job_name":"x","job_status":"RUNNING","padding":"${'x'.repeat(200)}"},`;

/** Vendors whose responses are expensive to read, with the largest bodies that Jobyard accepts by default. */
export const vendorAttacks: readonly Attack[] = [
  attackOf('vendor-brackets', 'a vendor answers with [ only', () => '['.repeat(bodyBytes)),
  attackOf('vendor-integers', 'a vendor answers with long integers', () => `{"a":[${fill(integer)}1]}`),
  attackOf(
    'vendor-rows',
    'a vendor answers with rows',
    () => `{"code":"000","data":{"value":[${fill(row)}{}],"offset":0,"limit":10,"total_size":90001},"msg":""}`,
  ),
];

function fill(piece: string): string {
  return piece.repeat(Math.floor(bodyBytes / piece.length));
}

function attackOf(name: string, title: string, makeBody: () => string): Attack {
  return {
    name,
    title,
    async startVendor() {
      const body = Buffer.from(makeBody());
      const server = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
      });
      server.listen(0, '127.0.0.1').unref();
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/kylin/api`;
    },
    run: (target, signal) => {
      const query = '{ jobs(first: 5, filter: { systemIds: ["hostile"] }) { nodes { id } } }';
      return repeat(4, signal, async () => void (await post(target, target.keys.reader, { query }, signal)));
    },
  };
}
