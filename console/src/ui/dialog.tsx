import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactElement, ReactNode, RefObject } from 'react';
import { Button } from './button.tsx';
import { Layers } from './layers.tsx';

export interface DialogProps {
  title: string;
  children: ReactNode;
  /** Called when the dialog is dismissed. Null: it can't be. */
  onClose: (() => void) | null;
  /** What gets the focus when the dialog opens. Default: the first control. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** A dialog at the edge, for what belongs to the page below. */
  side?: boolean;
}

/** A modal dialog. It gives the focus back when it closes. */
export function Dialog({ title, children, onClose, initialFocus, side = false }: DialogProps): ReactElement {
  return (
    <Base.Root open onOpenChange={(isOpen) => isOpen || onClose?.()} disablePointerDismissal={onClose === null}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Popup className={`dialog ${side ? 'side' : ''}`} {...(initialFocus && { initialFocus })}>
          <Layers>
            <header className="dialog-head">
              <Base.Title className="dialog-title">{title}</Base.Title>
              {onClose && <Button kind="bare" icon="close" label="Close" onClick={onClose} />}
            </header>
            {children}
          </Layers>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
