import type { SandboxAnswer } from '../../../sandbox-kit/exchange.ts';
import { writeJson } from './json.ts';
import type { KineticaSwitches } from './switches.ts';

/** The result of an endpoint: its record, or why it rejects the request. */
export type EndpointResult = { data: Record<string, unknown> } | { rejected: string };

/** Wraps a result in the five keys of every response, in Kinetica's order. `data_str` is JSON text inside JSON. */
export function wrap(endpoint: string, result: EndpointResult, switches: KineticaSwitches): SandboxAnswer {
  if ('rejected' in result) return reject(switches.errorStatus, result.rejected);
  const { damage, damagedEndpoint } = switches;
  const damaged = damagedEndpoint === '' || damagedEndpoint === endpoint ? damage : 'none';
  const body = writeJson({
    status: 'OK',
    message: '',
    data_type: `${endpoint.slice(1).replaceAll('/', '_')}_response`,
    data: '',
    data_str: dataText(result.data, damaged),
  });
  return { status: 200, headers: headers(), body };
}

/** A rejection: the reason is in `message`, and there is no data. */
export function reject(status: number, message: string): SandboxAnswer {
  return { status, headers: headers(), body: errorBody(message) };
}

/** The same as Avro binary: each text after its length, here of ASCII shorter than 64 characters, so that a length is one byte. */
export function rejectInAvro(status: number, message: string): SandboxAnswer {
  const write = (text: string): string => String.fromCharCode(2 * text.length) + text;
  const body = ['ERROR', message, 'none', '', ''].map(write).join('');
  return { status, headers: { ...headers(), 'Content-Type': 'application/octet-stream' }, body };
}

/** The body of a rejection, for faults that need one: `System shutting down`, `Unavailable: Draining HA queue`. */
export function errorBody(message: string): string {
  return writeJson({ status: 'ERROR', message, data_type: 'none', data: '', data_str: '' });
}

function headers(): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'x-request-time-secs',
  };
}

const damagedColumns = ['endpoint_name', 'time_received', 'auth_id'];

function dataText(data: Record<string, unknown>, damage: KineticaSwitches['damage']): unknown {
  switch (damage) {
    case 'data-not-json': {
      const text = writeJson(data);
      return text.slice(0, text.length / 2);
    }
    case 'data-empty':
      return '';
    case 'data-object':
      return data;
    case 'unequal-columns':
      return writeJson(shorten(data, damagedColumns));
    case 'short-status':
      return writeJson(shorten(data, ['status']));
    default:
      return writeJson(data);
  }
}

function shorten(data: Record<string, unknown>, columns: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(data).map(([name, value]) => [
    name,
    columns.includes(name) && Array.isArray(value) ? value.slice(0, -1) : value,
  ]);
  return Object.fromEntries(entries);
}
