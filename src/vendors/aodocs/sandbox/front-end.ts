import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { SandboxAnswer, SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { reject } from './errors.ts';
import type { AodocsSwitches } from './switches.ts';

/** The front end before the application: it responds as the load balancer, enforces the application's quota, or does nothing. */
export function createFrontEnd(parts: { timeline: Timeline; switches: AodocsSwitches }) {
  const { timeline, switches } = parts;
  let secondFromMs = 0;
  let requestsInSecond = 0;

  const isBeyondQuota = (): boolean => {
    const nowMs = timeline.now();
    if (nowMs - secondFromMs >= 1000) {
      secondFromMs = nowMs;
      requestsInSecond = 0;
    }
    requestsInSecond += 1;
    return switches.requestsPerSecond > 0 && requestsInSecond > switches.requestsPerSecond;
  };

  return {
    answer({ method, headers }: SandboxRequest): SandboxAnswer | undefined {
      const hasLength = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
      if (method === 'POST' && !hasLength && switches.lengthRequired) return htmlAnswer(411, 'Length Required');
      if (switches.quotaAnswer === 'unsupportedProtocol' || !isBeyondQuota()) return undefined;
      return switches.quotaAnswer === 'html429'
        ? { ...htmlAnswer(429, 'Too Many Requests'), headers: { 'Content-Type': 'text/html; charset=UTF-8', 'Retry-After': '1' } }
        : htmlAnswer(503, 'Service Unavailable');
    },
    checkQuota: () => (switches.quotaAnswer === 'unsupportedProtocol' && isBeyondQuota() ? reject(429, 'Quota exceeded') : undefined),
  };
}

function htmlAnswer(status: number, title: string): SandboxAnswer {
  return {
    status,
    headers: { 'Content-Type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html>\n<html lang=en><title>Error ${status} (${title})!!1</title><p><b>${status}.</b> That’s an error.</html>\n`,
  };
}
