import { type DocumentNode, Kind, OperationTypeNode, visit } from 'graphql';

/** Executes once for all subscribers that see the same: the events of subscriptions. */
export interface SharedResults<Result extends { errors?: unknown }> {
  /**
   * Returns the result of the last second for the same key and the same event (by identity); otherwise calls `make`. A result with errors
   * may name its caller, so only that caller shares it.
   */
  find(happening: object, key: string, callerName: string, make: () => Promise<Result>): Promise<Result>;
}

/** The maximum age of values that change with time, such as a job's running time. */
const maxAgeMs = 1_000;

interface Entry<Result> {
  result: Promise<Result>;
  callerName: string;
}

export function createSharedResults<Result extends { errors?: unknown }>(
  nowMs: () => number = () => performance.now(),
): SharedResults<Result> {
  let madeSinceMs = nowMs();
  let byHappening = new WeakMap<object, Map<string, Entry<Result>>>();

  const entriesOf = (happening: object): Map<string, Entry<Result>> => {
    if (nowMs() - madeSinceMs >= maxAgeMs) {
      byHappening = new WeakMap();
      madeSinceMs = nowMs();
    }
    let entries = byHappening.get(happening);
    if (!entries) {
      entries = new Map();
      byHappening.set(happening, entries);
    }
    return entries;
  };

  const find = async (happening: object, key: string, callerName: string, make: () => Promise<Result>): Promise<Result> => {
    const entries = entriesOf(happening);
    const known = entries.get(key);
    if (known) {
      const result = await known.result.catch(() => null);
      if (result && (!result.errors || known.callerName === callerName)) return result;
      const own = `${key} ${callerName}`;
      return key.endsWith(` ${callerName}`) ? make() : find(happening, own, callerName, make);
    }
    const result = make();
    entries.set(key, { result, callerName });
    return result;
  };
  return { find };
}

interface KnownDocument {
  number: number;
  variables: readonly string[];
}

let documents = 0;
const knownDocuments = new WeakMap<DocumentNode, KnownDocument>();

/** Equal for two subscriptions only if they show the same of the same event, whichever jobs they subscribe to. */
export function selectionKeyOf(document: DocumentNode, operationName: string | null, variables: Record<string, unknown>): string {
  let known = knownDocuments.get(document);
  if (!known) {
    documents += 1;
    known = { number: documents, variables: findShowingVariables(document) };
    knownDocuments.set(document, known);
  }
  return JSON.stringify([known.number, operationName, known.variables.map((name) => variables[name] ?? null)]);
}

/** The variables of a document, except those that only select the subscribed jobs: the arguments of its root field. */
function findShowingVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  const add = visitorOfVariables(names);
  visit(document, {
    OperationDefinition({ operation, selectionSet }) {
      if (operation !== OperationTypeNode.SUBSCRIPTION) return;
      for (const selection of selectionSet.selections) {
        if (selection.kind === Kind.FIELD) visit({ ...selection, arguments: [] }, add);
        else visit(selection, add);
      }
      return false;
    },
    ...add,
  });
  return Array.from(names).sort();
}

function visitorOfVariables(names: Set<string>) {
  return {
    VariableDefinition: () => false as const,
    Variable({ name }: { name: { value: string } }) {
      names.add(name.value);
    },
  };
}
