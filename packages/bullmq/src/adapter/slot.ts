import { type Link, type LinkOptions, openLink } from './link.ts';

/** A place for one connection: the open one, or a new one when it is needed next. */
export interface Slot {
  open(): Promise<Link>;
  close(): void;
}

export function createSlot(options: LinkOptions): Slot {
  let opening: Promise<Link> | null = null;
  let link: Link | null = null;
  let isClosed = false;
  return {
    async open() {
      if (link?.isOpen()) return link;
      opening ??= openLink(options).finally(() => {
        opening = null;
      });
      link = await opening;
      if (isClosed) link.close();
      return link;
    },
    close() {
      isClosed = true;
      link?.close();
    },
  };
}

/** Connections for transactions that depend on a WATCH, which belongs to its whole connection. */
export interface SlotPool {
  /** Lends a slot to one use at a time. */
  use<Value>(perform: (slot: Slot) => Promise<Value>): Promise<Value>;
  close(): void;
}

/** Its size follows from the number of concurrent uses. */
export function createSlotPool(options: LinkOptions): SlotPool {
  const all = new Set<Slot>();
  const idle: Slot[] = [];
  return {
    async use(perform) {
      const slot = idle.pop() ?? createSlot(options);
      all.add(slot);
      try {
        return await perform(slot);
      } finally {
        idle.push(slot);
      }
    },
    close() {
      for (const slot of all) slot.close();
    },
  };
}
