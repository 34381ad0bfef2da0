import { message } from 'antd';
// Not `App` itself, which brings all of antd's dialogs and notices along.
import AppContext from 'antd/es/app/context';
import { useContext, useMemo, type ReactNode } from 'react';

/** Where short messages about what was done appear. */
export function Messages({ children }: { readonly children: ReactNode }) {
  const [messages, place] = message.useMessage();
  const app = useContext(AppContext);
  const value = useMemo(() => ({ ...app, message: messages }), [app, messages]);
  return (
    <AppContext value={value}>
      {place}
      {children}
    </AppContext>
  );
}
