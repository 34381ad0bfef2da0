import { Component, type ComponentType, type ErrorInfo, type ReactNode } from 'react';

export interface Fault {
  readonly error: unknown;
  readonly retry: () => void;
}

interface FaultBoundaryProps {
  readonly children: ReactNode;
  /** What is shown instead. `retry` renders the children again. */
  readonly Fallback: ComponentType<Fault>;
}

interface FaultBoundaryState {
  readonly error: unknown;
  readonly failed: boolean;
}

/** Keeps a fault below it from taking the rest along. */
export class FaultBoundary extends Component<FaultBoundaryProps, FaultBoundaryState> {
  override state: FaultBoundaryState = { error: undefined, failed: false };

  static getDerivedStateFromError(error: unknown): FaultBoundaryState {
    return { error, failed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    // The browser's own reporting, which tools that collect faults listen to.
    reportError(new Error(`${error.message}${info.componentStack ?? ''}`, { cause: error }));
  }

  private readonly retry = () => this.setState({ error: undefined, failed: false });

  override render(): ReactNode {
    const { children, Fallback } = this.props;
    return this.state.failed ? <Fallback error={this.state.error} retry={this.retry} /> : children;
  }
}
