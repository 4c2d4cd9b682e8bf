import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSelfSignedCertificate } from '../faults/certificate.ts';
import { errorsIn, load, readConfig, withSystem } from './load.ts';

function write(contents: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-ca-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, contents);
  return file;
}

function proxyOf(environment: Record<string, string>) {
  const config = readConfig([], environment);
  return 'errors' in config ? config.errors : config.proxy;
}

describe('caFile', () => {
  test('may contain other lines between its certificates', () => {
    const [first, second] = [createSelfSignedCertificate().cert, createSelfSignedCertificate().cert];
    const file = write(`# Our authorities\n${first}# and\n${second}`);
    const { systems, access } = load(
      `${withSystem(`caFile: "${file}"`)}\naccess: { jwt: { jwksUri: "https://id.example/keys", issuer: i, audience: a, caFile: "${file}" } }`,
    );
    expect(systems?.[0]?.certificateAuthorities).toBe(`${first.trim()}\n${second.trim()}`);
    expect(access?.jwt?.certificateAuthorities).toBe(systems?.[0]?.certificateAuthorities);
  });

  test.each([
    ['is not there', null, "it can't be read (ENOENT)"],
    ['is empty', '', 'it contains none'],
    ['contains a key', createSelfSignedCertificate().key, 'it contains none'],
    ['is damaged', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'it contains a damaged certificate'],
  ])('that %s is an error', (_what, contents, complaint) => {
    const file = contents === null ? '/nowhere/ca.pem' : write(contents);
    expect(errorsIn(withSystem(`caFile: "${file}"`))).toEqual([
      `systems[0].caFile: expected the file ${file} to contain PEM certificates, ${complaint}`,
    ]);
  });
});

describe('the proxy', () => {
  test.each<[Record<string, string>, unknown]>([
    [{}, null],
    [{ HTTPS_PROXY: '', http_proxy: '' }, null],
    [
      { HTTPS_PROXY: 'http://proxy.example:3128' },
      { httpProxy: null, httpsProxy: 'http://proxy.example:3128/', noProxy: 'localhost,127.0.0.1,::1' },
    ],
    [
      { https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:2', HTTP_PROXY: 'c:3', NO_PROXY: '.corp.example' },
      { httpProxy: 'http://c:3/', httpsProxy: 'http://a:1/', noProxy: '.corp.example,localhost,127.0.0.1,::1' },
    ],
    [{ HTTPS_PROXY: 'socks5://svc:hunter2@p' }, ['HTTPS_PROXY: expected an http or https URL of a proxy, got something else']],
    [{ http_proxy: 'http://' }, ['http_proxy: expected an http or https URL of a proxy, got something else']],
  ])('from the environment %j is %j', (environment, expected) => {
    expect(proxyOf(environment)).toEqual(expected);
  });
});
