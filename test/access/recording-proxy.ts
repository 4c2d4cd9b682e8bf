import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A proxy to a vendor that records the requests, including their headers. In responses, replaces {{authorization}} with the request's own
 * header, like servers that repeat the request.
 */
export interface RecordingProxy {
  /** Sets the vendor, and returns the proxy's URL. */
  forwardTo(vendorUrl: string): string;
  requests: { method: string; target: string; headers: IncomingHttpHeaders; body: string }[];
  /** The Authorization headers that came, in order. */
  authorizations(): string[];
  close(): Promise<void>;
}

export async function startRecordingProxy(): Promise<RecordingProxy> {
  let vendor = new URL('http://127.0.0.1:1');
  const requests: RecordingProxy['requests'] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const { method = 'GET', url: target = '/', headers } = incoming;
    requests.push({ method, target, headers, body: body.toString('utf8') });
    const forwarded = request({ hostname: vendor.hostname, port: vendor.port, method, path: target, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('error', () => outgoing.destroy());
      answer.on('end', () => {
        const content = text.replaceAll('{{authorization}}', headers.authorization ?? '');
        outgoing
          .writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': String(Buffer.byteLength(content)) })
          .end(content);
      });
    });
    forwarded.on('error', () => outgoing.destroy());
    forwarded.end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    forwardTo(vendorUrl) {
      vendor = new URL(vendorUrl);
      return `http://127.0.0.1:${port}${vendor.pathname.replace(/\/$/, '')}`;
    },
    requests,
    authorizations: () => requests.map(({ headers }) => headers.authorization ?? ''),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
