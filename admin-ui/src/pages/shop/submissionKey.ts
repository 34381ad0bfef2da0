/** A key of 128 random bits. crypto.randomUUID would need https, which a console inside of a company may not have. */
export function newSubmissionKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
