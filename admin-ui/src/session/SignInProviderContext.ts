import { createContext, useContext, useEffect, useState } from 'react';
import type { SignInProvider, SignInSettings } from './provider.ts';

export const SignInProviderContext = createContext<SignInProvider | undefined>(undefined);

export function useSignInProvider(): SignInProvider {
  const provider = useContext(SignInProviderContext);
  if (provider === undefined) throw new Error('useSignInProvider needs a SignInProviderContext above it');
  return provider;
}

/** How people sign in to this server; undefined while it is asked, null when it can't be. */
export function useSignInSettings(): SignInSettings | null | undefined {
  const provider = useSignInProvider();
  const [settings, setSettings] = useState<SignInSettings | null | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    async function ask(): Promise<void> {
      const read = await provider.settings().catch(() => null);
      if (!gone) setSettings(read);
    }
    void ask();
    return () => {
      gone = true;
    };
  }, [provider]);
  return settings;
}
