import { createContext, type ReactElement, type ReactNode, useContext, useState } from 'react';

const Container = createContext<HTMLElement | null | undefined>(undefined);

/** Puts the menus and the hints of a landmark or a dialog into it, as screen readers miss what is outside of all landmarks. */
export function Layers({ children }: { children: ReactNode }): ReactElement {
  const [container, setContainer] = useState<HTMLElement | null>(null);
  return (
    <Container value={container}>
      {children}
      <div ref={setContainer} className="layers" />
    </Container>
  );
}

/** The element that menus and hints go into. Null: it isn't there yet. Undefined: the end of the page. */
export function useLayers(): HTMLElement | null | undefined {
  return useContext(Container);
}
