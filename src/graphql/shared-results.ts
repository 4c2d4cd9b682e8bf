import { type DocumentNode, Kind, OperationTypeNode, visit } from 'graphql';

/** What is executed once for all who see the same: the events of subscriptions. */
export interface SharedResults<Result extends { errors?: unknown }> {
  /**
   * The result that was made within the last second for the same key and the same happening, by identity; else that of `make`.
   * A result with errors may name its caller and is only shared with that one.
   */
  find(happening: object, key: string, callerName: string, make: () => Promise<Result>): Promise<Result>;
}

/** What moves by itself, such as how long a job has been running, is at most this old. */
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

/** The same for two subscriptions only if they show the same of the same happening: which jobs they follow makes no difference. */
export function selectionKeyOf(document: DocumentNode, operationName: string | null, variables: Record<string, unknown>): string {
  let known = knownDocuments.get(document);
  if (!known) {
    documents += 1;
    known = { number: documents, variables: findShowingVariables(document) };
    knownDocuments.set(document, known);
  }
  return JSON.stringify([known.number, operationName, known.variables.map((name) => variables[name] ?? null)]);
}

/** The variables of a document beyond those that only say what a subscription follows: the arguments of its root field. */
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
