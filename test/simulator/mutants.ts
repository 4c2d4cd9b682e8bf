import { registerHooks } from 'node:module';

/** A bug that is put into the source when it is loaded: a text of a file of src, and what takes its place. */
export interface Mutant {
  file: string;
  find: string;
  replace: string;
  /** Where its hunt begins: a few worlds before one that shows it, as it takes hundreds of others. Default: where all hunts begin. */
  fromSeed?: number;
}

/** Plausible mistakes, each at the place where it could be made. The simulator must find every one. */
export const mutants: Record<string, Mutant> = {
  'an unknown outcome becomes a success': {
    file: 'actions/decide.ts',
    find: 'return shown ?? unknown(',
    replace: "return shown ?? final({ outcome: 'CONFIRMED', job: null }) ?? unknown(",
  },
  'a dry run is sent': {
    file: 'actions/perform-action.ts',
    find: 'if (dryRun) {\n    for (',
    replace: 'if (!callbacks) {\n    for (',
  },
  'a repeated id has one result only': {
    file: 'actions/action-loader.ts',
    find: 'request.ids.map((jobId) =>',
    replace: '[...new Set(request.ids)].map((jobId) =>',
  },
  'an event is lost between two statements': {
    file: 'history/event-queue.ts',
    find: 'waiting.splice(0, groups.length);',
    replace: 'waiting.splice(0, groups.length + 1);',
  },
  'what is sent is not written into the audit': {
    file: 'actions/audit.ts',
    find: 'first.recordSent(actionId, jobIds);',
    replace: '',
  },
  'a right for some systems is one for all': {
    file: 'access/caller.ts',
    find: 'grant.systems.includes(systemId)',
    replace: 'grant.systems.length > 0',
  },
  'an idempotency key is forgotten': {
    file: 'idempotency/idempotency-keys.ts',
    find: 'hash([request.caller, request.key])',
    replace: 'hash([request.caller, request.key, randomUUID()])',
  },
  'an item is settled without its event': {
    file: 'bulk/record-attempts.ts',
    find: 'if (attempts.length === 0) return;',
    replace: 'if (attempts.length === 0) return;\n  parts = { ...parts, storeEvents: async () => () => {} };',
  },
  'a page drops its last row': {
    file: 'listing/list-jobs.ts',
    find: 'jobs: rows.map(({ job }) => job),',
    replace: 'jobs: rows.slice(0, Math.max(1, rows.length - 1)).map(({ job }) => job),',
  },
  'a deadline is four times as long': {
    file: 'graphql/request-context.ts',
    find: '}, deadlineMs - settleForMs).unref();',
    replace: '}, 4 * deadlineMs).unref();',
  },
  'a lost action is sent once more': {
    file: 'transport/call-policy.ts',
    find: 'made = await attempt(context, roundTrip, call, { isRetry: attempts > 0, lendPlace });',
    replace:
      "made = await attempt(context, roundTrip, call, { isRetry: attempts > 0, lendPlace }).then((first) => roundTrip.purpose === 'action' && !first.outcome.answered ? attempt(context, roundTrip, call, { isRetry: true, lendPlace }) : first);",
  },
  'a job that can not be read is taken for one that is gone': {
    file: 'actions/decide.ts',
    find: 'if (!observation || isKnownAnyway) {',
    replace:
      "if (observation?.kind === 'problem') return open({ outcome: 'JOB_GONE', job: null });\n  if (!observation || isKnownAnyway) {",
    fromSeed: 1175,
  },
  'a job that is not listed after a lost action is taken for one that never was': {
    file: 'actions/decide.ts',
    find: '      // The action may have been performed, and the job removed since',
    replace:
      "      if (!before) return open({ outcome: 'JOB_NOT_FOUND', problem: jobNotFound(systemId) });\n      // The action may have been performed",
    fromSeed: 500_834,
  },
  'a lost answer is taken for a request that never arrived': {
    file: 'transport/http-client.ts',
    find: 'mayHaveArrived: result.started, problem });',
    replace: 'mayHaveArrived: false, problem });',
  },
  'what another process left open is not followed': {
    file: 'history/action-tracker.ts',
    find: 'store.opened.then(() => wakeIn(minWaitMs));',
    replace: '',
    fromSeed: 210,
  },
  'a response of AODocs about another job is accepted': {
    file: 'vendors/aodocs/adapter/calls.ts',
    find: "if (reply.kind !== 'value' || reply.value.jobId === jobId) return reply;",
    replace: 'if (jobId) return reply;',
  },
  'a response of Vault about another job is accepted': {
    file: 'vendors/veeva-vault/adapter/read-by-rest.ts',
    find: 'if (toVaultId(data.id) === vendorId) return',
    replace: 'if (data) return',
    fromSeed: 180,
  },
  'a cancel that was confirmed is not contradicted': {
    file: 'history/contradictions.ts',
    find: 'if (found.length > 0) await storeContradictions(query, found);',
    replace: '',
    fromSeed: 96,
  },
  'a stop cuts off the requests under way': {
    file: 'http/server.ts',
    find: 'if (stage.closing && inFlight.size === 0) server',
    replace: 'if (stage.closing) server',
  },
  'a stop loses the events that wait': {
    file: 'app.ts',
    find: 'await events.close();',
    replace: '',
    fromSeed: 50,
  },
  'a key that was taken away opens requests': {
    file: 'composition/create-door.ts',
    find: '      authenticate = authenticatorFor(access);\n      origins',
    replace: '      origins',
  },
  'a key that was taken away keeps its streams': {
    file: 'composition/create-door.ts',
    find: 'revocations.apply(before, access);',
    replace: '',
    fromSeed: 147,
  },
  'a reload cuts off the requests under way': {
    file: 'systems/replaceable-systems.ts',
    find: 'closeWhenQuiet(adapter, before, entry.config.timeoutMs, clock.nowMs() + maxOperationMs);',
    replace: 'void adapter.close();',
    fromSeed: 45,
  },
  'the time of an action is kept by the clock of its replica': {
    file: 'history/event-groups.ts',
    find: 'sent.map(({ atMs }) => atMs + aheadMs)',
    replace: 'sent.map(({ atMs }) => atMs)',
    fromSeed: 87,
  },
  'a bulk operation continues while it is suspended': {
    file: 'bulk/chunk-rows.ts',
    find: "o.status = 'RUNNING' AND coalesce(",
    replace: 'coalesce(',
    fromSeed: 394,
  },
  'a start with a preview selects its jobs again': {
    file: 'bulk/select.ts',
    find: 'row.preview_token === null || row.refuses_changes ? takeFrom',
    replace: 'row !== null ? takeFrom',
    fromSeed: 394,
  },
  'what Vault accepts of another job is believed': {
    file: 'vendors/veeva-vault/adapter/actions.ts',
    find: 'if (id != null && String(id) === vendorId) return',
    replace: 'if (id != null) return',
  },
};

/**
 * Loads a module of the simulator, and all of src with it, once more and with the mutant in it. Throws for a mutant that does not fit the
 * source any more.
 */
export async function importWithMutant<Module>(name: string, module: URL): Promise<Module> {
  const mutant = mutants[name];
  if (!mutant) throw new Error(`There is no mutant ${name}; there are ${Object.keys(mutants).join(', ')}`);
  const { file, find, replace } = mutant;
  const source = new URL('../../src/', import.meta.url).href;
  const tests = new URL('../', import.meta.url).href;
  const mark = `?mutant=${encodeURIComponent(name)}`;
  let isThere = false;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const isOwn = resolved.url.startsWith(source) || resolved.url.startsWith(tests);
      return isOwn && context.parentURL?.endsWith(mark) ? { ...resolved, url: `${resolved.url}${mark}` } : resolved;
    },
    load(loaded, context, next) {
      const result = next(loaded, context);
      if (loaded !== `${source}${file}${mark}`) return result;
      const parts = String(result.source).split(find);
      if (parts.length !== 2) throw new Error(`The mutant ${name} does not fit ${file}: its text is not there once`);
      isThere = true;
      return { ...result, source: parts.join(replace) };
    },
  });
  try {
    const loaded: Module = await import(`${module.href}${mark}`);
    if (!isThere) throw new Error(`The mutant ${name} does not fit: ${file} is not loaded`);
    return loaded;
  } finally {
    hooks.deregister();
  }
}
