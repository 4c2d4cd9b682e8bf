import { onTestFinished } from 'vitest';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import type { SandboxOptions } from '../../../src/sandbox-kit/sandbox.ts';
import { type AodocsSwitches, startAodocsSandbox } from '../../../src/vendors/aodocs/sandbox/index.ts';

export const startMs = Date.UTC(2026, 5, 9, 10);

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; null where it is not. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read any part of a response.
  body: any;
}

/** A sandbox with a frozen clock, one quiet library and no jobs of its own, that ends with the test. */
export async function startQuiet(switches: Partial<AodocsSwitches> = {}, options: SandboxOptions<AodocsSwitches> = {}) {
  const clock = createClock({ frozen: true, startAtMs: startMs });
  const sandbox = await startAodocsSandbox({ clock, jobs: 0, ...options, switches: { arrivals: false, ...switches } });
  onTestFinished(sandbox.close);
  const libraryId = 'Rk31ZqV8dPxUe5NnAa';
  sandbox.state.addLibrary(libraryId);

  /** `authorization`: the header's value; null sends none. Default: the code of the settings. */
  async function call(
    method: string,
    path: string,
    options: { authorization?: string | null; headers?: Record<string, string>; body?: string } = {},
  ) {
    const { authorization = `securityCode ${sandbox.settings.securityCode}`, headers = {}, body } = options;
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { ...(authorization === null ? {} : { authorization }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const answer: Answer = { status: response.status, headers: response.headers, text, body: parse(text) };
    return answer;
  }
  const get = (path: string) => call('GET', path);
  const list = (query = '') => get(`/job/v1/libraries/${libraryId}${query}`);
  const cancel = (jobId: string) => call('POST', `/job/v1/${jobId}/cancel`);
  return { sandbox, state: sandbox.state, clock, libraryId, call, get, list, cancel, add: addTo(sandbox.state, libraryId) };
}

type Add = Awaited<ReturnType<typeof startAodocsSandbox>>['state']['addJob'];

function addTo(state: { addJob: Add }, libraryId: string): Add {
  return (fields = {}) => state.addJob({ libraryId, ...fields });
}

/** `reason` and `code` of an error's envelope, which must be whole. */
export function refusal(answer: Answer) {
  const { error } = answer.body;
  return { http: answer.status, code: error.code, reason: error.errors[0].reason, domain: error.errors[0].domain, message: error.message };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
