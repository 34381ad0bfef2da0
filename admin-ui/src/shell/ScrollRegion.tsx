import type { ReactNode } from 'react';

interface ScrollRegionProps {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** What scrolls by itself within a page or dialog, and so has to be reachable by keyboard. */
export function ScrollRegion({ label, className, children }: ScrollRegionProps) {
  return (
    // oxlint-disable-next-line no-noninteractive-tabindex
    <div className={className} role="region" tabIndex={0} aria-label={label}>
      {children}
    </div>
  );
}
