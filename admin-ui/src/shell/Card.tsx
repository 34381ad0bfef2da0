import { useId, type ReactNode } from 'react';

interface CardProps {
  readonly title: string;
  /** Beside the heading. */
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Card({ title, extra, children }: CardProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {extra}
      </div>
      {children}
    </section>
  );
}
