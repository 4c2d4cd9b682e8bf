/** Writes digits of any length as a JSON number. */
export function jsonLong(digits: string): unknown {
  return rawJson(digits);
}

/** Writes a 32-bit float as Kylin's JSON library does: the shortest digits that give the same float, always with a fraction. */
export function jsonFloat(value: number): unknown {
  return rawJson(floatText(Math.fround(value)));
}

/** Java's text of a float, for 0 and 0.00001 up to 10,000,000: `0.0`, `0.41666666`, `1.0`, `8.3E-4`. */
export function floatText(float: number): string {
  if (Number.isInteger(float)) return float.toFixed(1);
  let precision = 1;
  while (Math.fround(Number(float.toPrecision(precision))) !== float) precision += 1;
  if (Math.abs(float) >= 1e-3) return String(Number(float.toPrecision(precision)));
  const [mantissa = '', exponent = ''] = float.toExponential(precision - 1).split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent}`;
}

// TypeScript's library does not declare JSON.rawJSON yet.
function rawJson(text: string): unknown {
  return JSON.rawJSON(text);
}
