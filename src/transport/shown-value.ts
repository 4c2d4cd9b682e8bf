const secretWord = /passw|secret|token|credential|api_?key|private_?key|authorization/i;
const maxValue = 2_000;
const hidden = '(not shown: too long, or it may contain a secret)';

/** Any JSON that a user attached to a job, for `raw`: hidden if it may contain a secret. Null if there is none. */
export function toShownValue(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  try {
    const text = JSON.stringify(value);
    return text.length > maxValue || secretWord.test(text) ? hidden : value;
  } catch {
    // Nested too deeply.
    return hidden;
  }
}
