import { type DocumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** The size of a document with all its operations, counting a fragment once per spread. */
export interface DocumentSize {
  /** Fields, fragment spreads, and inline fragments. One more than the limit means that counting stopped. */
  selections: number;
  /** Levels of fields, without introspection. */
  depth: number;
  /** Levels of fields below `__schema` or `__type`. */
  introspectionDepth: number;
  /** Includes aliases of `__typename`. */
  aliases: number;
  /** Includes unknown directives. */
  directives: number;
  /** The work to compare fields with the same name and adjacent fragments. */
  comparisons: number;
  /** The number of selections per field name, under any alias. */
  counted: ReadonlyMap<string, number>;
}

/** The fields that a client merges into one object, including those of adjacent fragments. */
interface Level {
  names: Map<string, number>;
  spreads: number;
}

interface Measuring {
  size: DocumentSize & { counted: Map<string, number> };
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The fragments that the operations spread. */
  reached: Set<string>;
  /** The fragments on the path from the root. A fragment that spreads itself is a validation error. */
  open: Set<string>;
  maxSelections: number;
  countedFields: ReadonlySet<string>;
}

/** Stops counting at `maxSelections`, so that exponentially nested fragments take no longer than others. */
export function measureDocument(document: DocumentNode, maxSelections: number, countedFields: ReadonlySet<string>): DocumentSize {
  const size = { selections: 0, depth: 0, introspectionDepth: 0, aliases: 0, directives: 0, comparisons: 0, counted: new Map() };
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const measuring: Measuring = { size, fragments, reached: new Set(), open: new Set(), maxSelections, countedFields };
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    size.directives += node.directives?.length ?? 0;
    for (const variable of node.variableDefinitions ?? []) size.directives += variable.directives?.length ?? 0;
    measureLevel(measuring, node.selectionSet, 0, 0);
  }
  // Validation checks those, too.
  for (const [name, fragment] of fragments) {
    if (measuring.reached.has(name)) continue;
    size.directives += fragment.directives?.length ?? 0;
    measureLevel(measuring, fragment.selectionSet, 0, 0);
  }
  return size;
}

function measureLevel(measuring: Measuring, set: SelectionSetNode, depth: number, introspectionDepth: number): void {
  const level: Level = { names: new Map(), spreads: 0 };
  measureSelections(measuring, set, level, depth, introspectionDepth);
  measuring.size.comparisons += level.spreads * ((level.spreads - 1) / 2 + level.names.size);
}

function measureSelections(
  measuring: Measuring,
  { selections }: SelectionSetNode,
  level: Level,
  depth: number,
  introspectionDepth: number,
): void {
  const { size, fragments, open } = measuring;
  for (const selection of selections) {
    size.selections += 1;
    if (size.selections > measuring.maxSelections) return;
    size.directives += selection.directives?.length ?? 0;
    if (selection.kind === Kind.FIELD) {
      measureField(measuring, selection, level, depth, introspectionDepth);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      measureSelections(measuring, selection.selectionSet, level, depth, introspectionDepth);
    } else {
      level.spreads += 1;
      const { value: name } = selection.name;
      const fragment = fragments.get(name);
      if (!fragment || open.has(name)) continue;
      measuring.reached.add(name);
      open.add(name);
      size.directives += fragment.directives?.length ?? 0;
      measureSelections(measuring, fragment.selectionSet, level, depth, introspectionDepth);
      open.delete(name);
    }
  }
}

function measureField(
  measuring: Measuring,
  { name: { value: name }, alias, selectionSet }: FieldNode,
  level: Level,
  depth: number,
  introspectionDepth: number,
): void {
  const { size } = measuring;
  if (alias) size.aliases += 1;
  if (measuring.countedFields.has(name)) size.counted.set(name, (size.counted.get(name) ?? 0) + 1);
  const isIntrospection = introspectionDepth > 0 || name === '__schema' || name === '__type';
  const [outer, inner] = isIntrospection ? [depth, introspectionDepth + 1] : [depth + 1, 0];
  size.depth = Math.max(size.depth, outer);
  size.introspectionDepth = Math.max(size.introspectionDepth, inner);
  const before = size.selections;
  if (selectionSet) measureLevel(measuring, selectionSet, outer, inner);
  const key = alias?.value ?? name;
  const same = level.names.get(key) ?? 0;
  level.names.set(key, same + 1);
  // Each is compared with all previous fields of the same name, including their selections.
  size.comparisons += same * (1 + size.selections - before);
}
