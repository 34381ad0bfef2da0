// Where a record is shown. Its identifier may hold any visible character.

export function casePath(id: string): string {
  return `/cases/${encodeURIComponent(id)}`;
}

export function buyerPath(id: string): string {
  return `/buyers/${encodeURIComponent(id)}`;
}

export function merchantPath(id: string): string {
  return `/merchants/${encodeURIComponent(id)}`;
}

export function appealPath(id: string): string {
  return `/appeals/${encodeURIComponent(id)}`;
}

export function secondReviewPath(id: string): string {
  return `/second-reviews/${encodeURIComponent(id)}`;
}

/** Where an endpoint's deliveries are shown. */
export function webhookPath(id: string): string {
  return `/webhooks/${encodeURIComponent(id)}`;
}
