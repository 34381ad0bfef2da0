/** How many pieces of evidence a proposal may name, and how long each may be. */
export const mostEvidence = 20;
const longestPiece = 1000;

/** The pieces of evidence in a text, one per line. */
export function evidenceIn(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export function isFitEvidence(pieces: readonly string[]): boolean {
  return pieces.length > 0 && pieces.length <= mostEvidence && pieces.every((piece) => [...piece].length <= longestPiece);
}
