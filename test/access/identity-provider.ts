import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';

/** An identity provider: creates tokens, and publishes its keys. */
export interface IdentityProvider {
  jwksUri: string;
  /** How often its keys were fetched. */
  fetches(): number;
  /** Publishes these keys and no others from now on. */
  publish(keys: readonly SigningKey[]): void;
  /** Sets the response that replaces the keys. */
  breakDown(how: 'error' | 'page' | 'nonsense' | 'silence' | null): void;
  /** Closes its port until `open`. */
  shut(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

export interface SigningKey {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  jwk: JWK;
}

export async function createSigningKey(alg: string, kid = alg): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  let published: readonly SigningKey[] = [];
  let failure: Parameters<IdentityProvider['breakDown']>[0] = null;
  let fetches = 0;
  let server: Server | undefined;
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const started = createServer((_request, response) => {
        fetches += 1;
        if (failure === 'silence') return;
        if (failure === 'error') response.writeHead(500).end('{"keys":[]}');
        else if (failure === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Down for maintenance</html>');
        else if (failure === 'nonsense') response.writeHead(200, { 'content-type': 'application/json' }).end('{"hello":1}');
        else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
      });
      server = started;
      started.once('error', reject).listen(port, '127.0.0.1', () => resolve((started.address() as AddressInfo).port));
    });
  const shut = () =>
    new Promise<void>((resolve) => {
      server?.close(() => resolve());
      server?.closeAllConnections();
    });
  const port = await listen(0);
  return {
    jwksUri: `http://127.0.0.1:${port}/keys`,
    fetches: () => fetches,
    publish(keys) {
      published = keys;
    },
    breakDown(how) {
      failure = how;
    },
    shut,
    open: async () => void (await listen(port)),
    close: shut,
  };
}

/** Signs a token of these claims, `undefined` ones left out. */
export function sign(key: SigningKey, claims: Record<string, unknown>, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
}
