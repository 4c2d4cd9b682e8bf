import { type ReactElement, useEffect, useState } from 'react';
import { Button } from './button.tsx';

const shownMs = 2_000;

/** A text with a button that copies it. */
export function Copyable({ text }: { text: string }): ReactElement {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = (): void => {
    void navigator.clipboard.writeText(text);
    setIsCopied(true);
  };
  return (
    <span className="copyable">
      <code>{text}</code>
      <Button kind="bare" icon={isCopied ? 'check' : 'copy'} label={isCopied ? 'Copied' : 'Copy'} onClick={copy} />
    </span>
  );
}
