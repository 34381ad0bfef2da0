/** A part of a note's text, or whom it mentions there. */
export interface NotePart {
  /** Where it begins: unique among the parts. */
  readonly at: number;
  readonly text: string;
  readonly mention: boolean;
}

/** Takes a note apart at the people whom the server found mentioned in it. */
export function mentionParts(text: string, mentions: readonly string[]): readonly NotePart[] {
  if (mentions.length === 0) return [{ at: 0, text, mention: false }];
  // Of names that begin alike the longest is meant.
  const names = mentions.toSorted((a, b) => b.length - a.length).map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  const pattern = new RegExp(`@(?:${names.join('|')})`, 'g');
  const parts: NotePart[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) parts.push({ at: end, text: text.slice(end, match.index), mention: false });
    parts.push({ at: match.index, text: match[0], mention: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ at: end, text: text.slice(end), mention: false });
  return parts;
}
