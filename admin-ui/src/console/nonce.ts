/**
 * The page's security policy lets in only styles that have the nonce of this very answer. antd passes the nonce to most
 * of its style elements but not to all (6.6.8: two with each first dialog), so every style element gets it on creation.
 */
export function giveStylesTheNonce(page: Document): string | undefined {
  const nonce = page.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  if (nonce === undefined || nonce === '') return undefined;
  const create = page.createElement.bind(page);
  page.createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = create(name, options);
    if (name.toLowerCase() === 'style') element.nonce = nonce;
    return element;
  };
  return nonce;
}
