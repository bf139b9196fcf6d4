import { type ReactNode, useId } from 'react';

interface CardProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
  /** The content has its own edges, as a table does. */
  readonly flush?: boolean;
}

/** A titled part of a page; a region that a screen reader can jump to. */
export function Card({ title, note, tools, children, flush }: CardProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {note ? <span className="note">{note}</span> : null}
        {tools ? <div className="tools">{tools}</div> : null}
      </div>
      {flush ? children : <div className="card-body">{children}</div>}
    </section>
  );
}

/** What a page is called and what one does on it. */
export function PageHead({
  title,
  children,
  tools,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly tools?: ReactNode;
}) {
  return (
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        {children ? <p>{children}</p> : null}
      </div>
      {tools ? <div className="tools">{tools}</div> : null}
    </header>
  );
}

/** Says why there is nothing and what would change that. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children}
    </div>
  );
}

export function Loading({ label = 'Loading' }: { readonly label?: string }) {
  return (
    <div className="loading" role="status">
      <span />
      <span />
      <span />
      <span className="sr-only">{label}</span>
    </div>
  );
}
