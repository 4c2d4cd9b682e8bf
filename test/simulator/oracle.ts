import type { World } from './judged-world.ts';
import { checkCreations, checkResults, checkSends } from './oracle-actions.ts';
import { checkAudit, checkEvents } from './oracle-audit.ts';
import { checkBulks, checkControls, checkPreviewed } from './oracle-bulk.ts';
import { checkContradictions } from './oracle-contradictions.ts';
import { checkCuts, checkKeys, checkStops } from './oracle-operators.ts';
import { checkLists, checkReads, checkRights } from './oracle-reads.ts';

/** A rule that a world broke. */
export interface Breach {
  /** The rule's name. */
  rule: string;
  what: string;
}

/** Everything that a world did against the rules; empty: all is well. */
export function judge(world: World): Breach[] {
  const rules: [rule: string, check: (world: World) => string[]][] = [
    ['one true result per job and position', checkResults],
    ['nothing unasked, and nothing twice without a read in between', checkSends],
    ['one created job per action', checkCreations],
    ['audit complete', checkAudit],
    ['events complete, and unresolved actions tracked to their end', checkEvents],
    ['contradicted cancels', checkContradictions],
    ['bulk operations', checkBulks],
    ['suspended bulk operations', checkControls],
    ['previewed bulk operations', checkPreviewed],
    ['a stop loses nothing', checkStops],
    ['nothing is cut off', checkCuts],
    ['keys', checkKeys],
    ['reads return the requested job in its current state', checkReads],
    ['lists', checkLists],
    ['rights', checkRights],
    ['deadlines', checkDeadlines],
    ['no secret leaves', checkSecrets],
    ['no bug in a log or an answer', checkBugs],
  ];
  return rules.flatMap(([rule, check]) => check(world).map((what) => ({ rule, what })));
}

/** Of the machine, not of Jobyard: what follows from the same moment. */
const graceMs = 250;

function checkDeadlines({ callers, deadlineMs, lives, endMs }: World): string[] {
  return callers.operations.flatMap(({ id, kind, startedMs, endedMs, process }) => {
    const maxMs = kind === 'subscribe' ? Number.POSITIVE_INFINITY : deadlineMs + graceMs;
    const untilMs = endedMs ?? lives.get(process)?.diedMs ?? endMs;
    return untilMs - startedMs > maxMs ? [`${id} (${kind}) took ${untilMs - startedMs} ms of ${deadlineMs}`] : [];
  });
}

function checkSecrets({ vendors, callers, replicas }: World): string[] {
  const forms = [...vendors.values()].flatMap(({ systemId, secrets }) =>
    secrets.flatMap((secret) =>
      [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')].map((form) => [systemId, form]),
    ),
  );
  const outputs: [name: string, text: string][] = [
    ...callers.operations.map(({ id, text }) => [id, text] as [string, string]),
    ...replicas.flatMap((replica): [string, string][] => [
      [`the log of ${replica.life.name}`, replica.log.join('\n')],
      [`the audit of ${replica.life.name}`, replica.readAudit().join('\n')],
    ]),
  ];
  return outputs.flatMap(([name, text]) =>
    forms.flatMap(([systemId = '', form = '']) => (text.includes(form) ? [`a secret of ${systemId} is in ${name}`] : [])),
  );
}

function checkBugs({ replicas, callers }: World): string[] {
  const lines = replicas.flatMap(({ log }) => log.filter((line) => line.includes('"msg":"bug"') || line.includes('not stored')));
  const answers = callers.operations.filter(({ text }) => text.includes('INTERNAL_SERVER_ERROR'));
  return [...lines.map((line) => line.slice(0, 600)), ...answers.map(({ id, text }) => `${id}: ${text.slice(0, 300)}`)];
}
