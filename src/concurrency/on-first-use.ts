/** A function that creates the value when it is first called, and returns the same value from then on. */
export function onFirstUse<Value>(create: () => Value): () => Value {
  let created: { value: Value } | null = null;
  return () => {
    created ??= { value: create() };
    return created.value;
  };
}
