import type { ReactElement, ReactNode } from 'react';

/** Content that may be wider than the screen. It takes the focus, so that the arrow keys scroll it. */
export function Scroller({ label, children }: { label: string; children: ReactNode }): ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard can't scroll what has no focus
    <section className="scroll-x" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
