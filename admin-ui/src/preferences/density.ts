/** How much of a list stands on a screen. */
export const densities = ['comfortable', 'compact'] as const;

export type Density = (typeof densities)[number];
