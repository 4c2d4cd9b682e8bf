import { describe, expect, test } from 'vitest';
import type { KineticaSandbox } from '../../../src/vendors/kinetica/sandbox/index.ts';
import { administrator, post, start } from './sandbox-client.ts';

describe('the system properties', () => {
  const properties = async (sandbox: KineticaSandbox, options = {}) => {
    const answer = (await post(sandbox, '/show/system/properties', { options })).wrapper();
    expect(answer).toMatchObject({ status: 'OK', data_type: 'show_system_properties_response' });
    return JSON.parse(String(answer.data_str)).property_map;
  };

  test('include the properties that the official clients read when they connect', async () => {
    const sandbox = await start({ pathPrefix: '/gpudb-0' });
    expect(await properties(sandbox)).toMatchObject({
      'version.gpudb_core_version': '7.2.3.11',
      'conf.enable_ha': 'FALSE',
      'conf.ha_ring_head_nodes_full': '',
      'conf.enable_httpd_proxy': 'TRUE',
      'conf.number_of_hosts': '1',
      'conf.host0_public_urls': 'http://127.0.0.1',
      'conf.worker_http_server_urls': sandbox.url,
    });
  });

  test('are only those that are named', async () => {
    const sandbox = await start({ version: '7.1' });
    const names = 'version.gpudb_core_version, conf.enable_httpd_proxy,conf.unheard_of';
    expect(await properties(sandbox, { properties: names })).toEqual({
      'version.gpudb_core_version': '7.1.10.9',
      'conf.enable_httpd_proxy': 'FALSE',
    });
  });
});

test('a client that requests Avro gets a rejection that it can read', async () => {
  const sandbox = await start();
  const avro = { 'content-type': 'application/octet-stream', accept: 'application/octet-stream' };
  const answer = await post(sandbox, '/show/system/status', '\0', { authorization: administrator, ...avro });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  const texts: string[] = [];
  for (let at = 0; at < answer.text.length; ) {
    const length = answer.text.charCodeAt(at) / 2;
    texts.push(answer.text.slice(at + 1, at + 1 + length));
    at += 1 + length;
  }
  expect(texts).toEqual(['ERROR', 'This sandbox supports JSON only: set the encoding to JSON', 'none', '', '']);
});
