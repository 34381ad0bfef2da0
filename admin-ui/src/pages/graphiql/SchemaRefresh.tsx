import { useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';

/** Asks for the schema again when the caller changes: a refused caller got none. Renders nothing. */
export function SchemaRefresh({ token }: { readonly token: string | undefined }): null {
  const { introspect } = useGraphiQLActions();
  const introspectedAs = useRef(token);
  useEffect(() => {
    // GraphiQL itself asks once at the start.
    if (introspectedAs.current === token) return;
    introspectedAs.current = token;
    void introspect();
  }, [token, introspect]);
  return null;
}
