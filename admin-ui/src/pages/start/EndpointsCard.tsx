import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { Endpoints } from '../../api/endpoints.ts';

export function EndpointsCard({ endpoints }: { readonly endpoints: Endpoints }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<string | undefined>(undefined);
  const rows = [
    { name: t('endpoints.http'), address: endpoints.http, use: t('endpoints.httpUse') },
    { name: t('endpoints.sse'), address: endpoints.sse, use: t('endpoints.sseUse') },
    { name: t('endpoints.webSocket'), address: endpoints.webSocket, use: t('endpoints.webSocketUse') },
  ];
  // Browsers offer the clipboard only to pages from https or from the machine itself.
  const canCopy = window.isSecureContext && 'clipboard' in navigator;

  function copy(name: string, address: string): void {
    // When the browser says no, the address is still there to be selected.
    navigator.clipboard.writeText(address).then(
      () => setCopied(name),
      () => setCopied(undefined),
    );
  }

  return (
    <section className="card" aria-labelledby="endpoints-heading">
      <div className="card-head">
        <h2 id="endpoints-heading">{t('endpoints.heading')}</h2>
        <output className="hint">{copied !== undefined && t('endpoints.copied', { name: copied })}</output>
      </div>
      <ul className="endpoints">
        {rows.map(({ name, address, use }) => (
          <li key={name}>
            <span className="endpoint-name">{name}</span>
            <span className="endpoint-address">
              <code>{address}</code>
              {canCopy && (
                <button
                  type="button"
                  aria-label={t('endpoints.copy', { name })}
                  title={t('endpoints.copy', { name })}
                  onClick={() => copy(name, address)}
                >
                  <CopyIcon />
                </button>
              )}
            </span>
            <span className="hint">{use}</span>
          </li>
        ))}
      </ul>
      <p className="hint note">
        <Trans i18nKey="endpoints.auth" components={{ header: <code />, init: <code />, payload: <code /> }} />
      </p>
    </section>
  );
}

function CopyIcon() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
    </svg>
  );
}
