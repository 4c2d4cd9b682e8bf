import type { Form } from './forms.ts';

/** A form, and its start in the text. */
export interface Occurrence {
  start: number;
  form: Form;
}

/** Finds which of many forms a text contains, in a time nearly independent of their number. */
export interface FormIndex {
  add(form: Form): void;
  has(text: string): boolean;
  /** All occurrences, including overlapping ones, by `start`. */
  find(text: string): Occurrence[];
}

/** Forms of similar length. Checking three characters at every `stride` characters finds each of them. */
interface LengthClass {
  minLength: number;
  stride: number;
  /** By the hash of three characters at one of the form's first `stride` positions. */
  places: Map<number, { form: Form; offset: number }[]>;
  /** The hashes in `places`, by their last bits: most checks end here. */
  filter: Uint8Array;
}

/** Long forms allow long strides, and are many: each session has several. */
const minLengths = [4, 8, 16];
const minFilterSize = 1_024;
/** So few of its bits are set that a random check continues in one of eight cases. */
const filterSizePerPlace = 8;

export function createFormIndex(): FormIndex {
  const texts = new Set<string>();
  // Only those that contain forms, the longest first.
  const classes: LengthClass[] = [];

  const classOf = (length: number): LengthClass => {
    const minLength = minLengths.findLast((min) => length >= min);
    if (minLength === undefined) throw new RangeError(`A form needs at least ${minLengths[0]} characters, got ${length}`);
    const known = classes.find((ofLength) => ofLength.minLength === minLength);
    if (known) return known;
    const made = { minLength, stride: minLength - 2, places: new Map(), filter: new Uint8Array(minFilterSize) };
    classes.push(made);
    classes.sort((one, other) => other.minLength - one.minLength);
    return made;
  };

  return {
    add(form) {
      if (texts.has(form.text)) return;
      texts.add(form.text);
      addTo(classOf(form.text.length), form);
    },
    has(text) {
      for (const ofLength of classes) if (findIn(ofLength, text, null)) return true;
      return false;
    },
    find(text) {
      const found: Occurrence[] = [];
      for (const ofLength of classes) findIn(ofLength, text, found);
      return found.sort((one, other) => one.start - other.start);
    },
  };
}

function addTo(ofLength: LengthClass, form: Form): void {
  const { stride, places } = ofLength;
  for (let offset = 0; offset < stride; offset += 1) {
    const hash = hashThree(form.text, offset);
    const known = places.get(hash);
    if (known) known.push({ form, offset });
    else places.set(hash, [{ form, offset }]);
    ofLength.filter[hash & (ofLength.filter.length - 1)] = 1;
  }
  if (places.size * filterSizePerPlace > ofLength.filter.length) ofLength.filter = createFilter(places.keys(), 2 * ofLength.filter.length);
}

function createFilter(hashes: Iterable<number>, size: number): Uint8Array {
  const filter = new Uint8Array(size);
  for (const hash of hashes) filter[hash & (size - 1)] = 1;
  return filter;
}

/** Whether there is any. Adds all of them to `found`; null: stops at the first. */
function findIn({ stride, places, filter }: LengthClass, text: string, found: Occurrence[] | null): boolean {
  const mask = filter.length - 1;
  const end = text.length - 2;
  let isFound = false;
  for (let at = 0; at < end; at += stride) {
    const hash = hashThree(text, at);
    if (filter[hash & mask] === 0) continue;
    for (const { form, offset } of places.get(hash) ?? []) {
      if (at < offset || !text.startsWith(form.text, at - offset)) continue;
      if (!found) return true;
      isFound = true;
      found.push({ start: at - offset, form });
    }
  }
  return isFound;
}

function hashThree(text: string, at: number): number {
  return (text.charCodeAt(at) * 61 + text.charCodeAt(at + 1)) * 61 + text.charCodeAt(at + 2);
}
