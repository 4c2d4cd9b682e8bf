import { Pool } from 'undici';

/** Sends a request of one vendor and parses its answer. */
export type Exchange = <Body>(method: 'GET' | 'POST' | 'PUT', path: string, body?: string) => Promise<Body>;

/** A keep-alive pool of as many connections as Jobyard allows the vendor; further requests wait in it. */
export function createExchange(origin: string, connections: number, headers: Record<string, string>): Exchange {
  const pool = new Pool(origin, { connections, headersTimeout: 0, bodyTimeout: 0 });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let status = 0;
      pool.dispatch(
        { method, path, headers, body: body ?? null },
        {
          onRequestStart() {},
          onResponseStart(_controller, statusCode) {
            status = statusCode;
          },
          onResponseData(_controller, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            const [first] = chunks;
            const text = chunks.length === 1 && first ? first.toString('utf8') : Buffer.concat(chunks).toString('utf8');
            if (status === 200) resolve(JSON.parse(text));
            else reject(new Error(`HTTP ${status}`));
          },
          onResponseError(_controller, error) {
            reject(error);
          },
        },
      );
    });
}
