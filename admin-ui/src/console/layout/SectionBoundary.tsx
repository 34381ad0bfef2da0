import type { ReactNode } from 'react';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { FaultBoundary } from './FaultBoundary.tsx';

interface SectionBoundaryProps {
  readonly children: ReactNode;
}

/** Keeps a fault in one part of a page from taking the rest along, and says what it was, with another try. */
export function SectionBoundary({ children }: SectionBoundaryProps) {
  return <FaultBoundary Fallback={FailureNotice}>{children}</FaultBoundary>;
}
