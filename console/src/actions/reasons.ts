import { keep, readKept } from '../store.ts';

const key = 'reasons';
const maxReasons = 5;

/** The caller's last reasons, latest first. */
export function lastReasons(): readonly string[] {
  try {
    const value: unknown = JSON.parse(readKept(key) ?? '[]');
    return Array.isArray(value) ? value.filter((reason) => typeof reason === 'string').slice(0, maxReasons) : [];
  } catch {
    return [];
  }
}

export function keepReason(reason: string): void {
  keep(key, JSON.stringify([reason, ...lastReasons().filter((other) => other !== reason)].slice(0, maxReasons)));
}
