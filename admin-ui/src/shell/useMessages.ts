import AppContext from 'antd/es/app/context';
import { useContext } from 'react';

/** Says in a line, over the page and for a few seconds, what became of something. */
export function useMessages() {
  return useContext(AppContext).message;
}
