import { Component, type ErrorInfo, type ReactNode } from 'react';
import { FailureNotice } from '../../shell/FailureNotice.tsx';

interface SectionBoundaryProps {
  readonly children: ReactNode;
}

interface SectionBoundaryState {
  readonly error: unknown;
  readonly failed: boolean;
}

/** Keeps a fault in one part of a page from taking the rest along. */
export class SectionBoundary extends Component<SectionBoundaryProps, SectionBoundaryState> {
  override state: SectionBoundaryState = { error: undefined, failed: false };

  static getDerivedStateFromError(error: unknown): SectionBoundaryState {
    return { error, failed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    // The browser's own reporting, which tools that collect faults listen to.
    reportError(new Error(`${error.message}${info.componentStack ?? ''}`, { cause: error }));
  }

  private readonly retry = () => this.setState({ error: undefined, failed: false });

  override render(): ReactNode {
    return this.state.failed ? <FailureNotice error={this.state.error} retry={this.retry} /> : this.props.children;
  }
}
