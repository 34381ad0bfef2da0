import { Link } from 'react-router';
import { useFormats } from '../format/useFormats.ts';

/** A number that leads to the rows that it counts, if there are any. */
export function NumberLink({ value, path }: { readonly value: number; readonly path: string | undefined }) {
  const formats = useFormats();
  const text = formats.number(value);
  return path === undefined || value === 0 ? text : <Link to={path}>{text}</Link>;
}
