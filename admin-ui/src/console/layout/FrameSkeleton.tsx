import { PageSkeleton } from './PageSkeleton.tsx';

/** The outline of the console, until it is known who is at work. */
export function FrameSkeleton() {
  return (
    <div className="frame-skeleton">
      <div className="frame-skeleton-side" />
      <PageSkeleton />
    </div>
  );
}
