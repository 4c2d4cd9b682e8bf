import type { Logger } from 'pino';
import type { SystemConfig } from '../config/systems.ts';

export interface StartFacts {
  origin: string;
  /** Whether the console is enabled. If it isn't built, another line says so. */
  hasConsole: boolean;
  /** Whether the playground is enabled, as for the console. */
  hasPlayground: boolean;
  /** The location of the store, as an operator names it. */
  store: string;
  /** Whether callers must authenticate. */
  hasAccess: boolean;
  systems: readonly Pick<SystemConfig, 'id' | 'vendor' | 'url'>[];
  /** Whether the systems are sandboxes. */
  isSandbox: boolean;
}

export interface StartOutput {
  /** Whether standard output is a terminal. */
  isTerminal: boolean;
  logger: Logger;
  /** Writes to standard output. */
  write(text: string): void;
}

const accessOff = 'Access control is off: every local user has full access.';

/**
 * Prints a banner for people on a terminal; otherwise writes JSON lines, like the rest of standard output. Written at every `log.level`.
 */
export function announceStart(facts: StartFacts, { isTerminal, logger, write }: StartOutput): void {
  if (isTerminal) {
    write(toBanner(facts));
    return;
  }
  const { origin, hasConsole, hasPlayground, store, hasAccess, systems, isSandbox } = facts;
  const always = logger.child({}, { level: 'info' });
  if (!hasAccess) always.warn(accessOff);
  always.info(
    {
      graphql: `${origin}/graphql`,
      ...(hasPlayground && { playground: `${origin}/` }),
      ...(hasConsole && { console: `${origin}/console` }),
      store,
      access: hasAccess,
      systems: systems.map(({ id, vendor, url }) => ({ id, vendor: vendor.name, url, sandbox: isSandbox })),
      example: toExample(facts),
    },
    'listening',
  );
}

function toBanner(facts: StartFacts): string {
  const { origin, hasConsole, hasPlayground, store, hasAccess, systems, isSandbox } = facts;
  const systemLines = systems.map(
    ({ id, vendor, url }) => `  ${id.padEnd(14)} ${vendor.title}${isSandbox ? ' sandbox' : ''}${url && ` at ${url}`}`,
  );
  return `Jobyard
  GraphQL     ${origin}/graphql
${hasPlayground ? `  Playground  ${origin}/\n` : ''}${hasConsole ? `  Console     ${origin}/console\n` : ''}  Store       ${store}
${hasAccess ? '' : `${accessOff}\n`}Systems
${systemLines.join('\n')}
Try
  ${toExample(facts)}
Stop with Ctrl-C

`;
}

/** A command that lists jobs; only the caller's key or token must be filled in. */
function toExample({ origin, hasAccess }: StartFacts): string {
  const credential = hasAccess ? " -H 'authorization: Bearer YOUR_KEY'" : '';
  return `curl -s ${origin}/graphql -H 'content-type: application/json'${credential} -d '{"query":"{ jobs(first: 3) { nodes { id name status } complete } }"}'`;
}
