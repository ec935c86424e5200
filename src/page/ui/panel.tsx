import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface PanelProps {
  /** Changes when something else is shown, so that the reader is taken to its beginning. */
  name: string;
  title: ComponentChildren;
  kicker: string;
  close(): void;
  children: ComponentChildren;
}

/** What stands open beside the matrix. It takes the focus, Escape closes it. */
export function Panel({ name, title, kicker, close, children }: PanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const body = useRef<HTMLElement>(null);
  useEffect(() => {
    body.current?.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [name]);
  return (
    <aside class="panel" ref={body} aria-labelledby="panel-title">
      <header class="panel-head">
        <div>
          <p class="kicker">{kicker}</p>
          <h2 id="panel-title" ref={heading} tabIndex={-1}>
            {title}
          </h2>
        </div>
        <div class="panel-tools">
          <Permalink />
          <button type="button" class="tool" onClick={close} aria-label="Close">
            <span aria-hidden="true">✕</span>
          </button>
        </div>
      </header>
      {children}
    </aside>
  );
}

/** The address of what is shown; copied where the browser allows it. */
function Permalink() {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      // The link itself is there to be copied by hand.
    }
  };
  return (
    <a class="tool permalink" href={location.href} onClick={() => void copy()}>
      {isCopied ? 'copied' : 'permalink'}
    </a>
  );
}

/** A part of a panel under its own heading. */
export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}
