import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { Link, Route, Routes, useNavigate } from 'react-router';
import { afterEach, expect, it } from 'vitest';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { useLeaving } from './useLeaving.tsx';

function Form() {
  const [unsaved, setUnsaved] = useState(true);
  const leaving = useLeaving(unsaved);
  const navigate = useNavigate();
  return (
    <>
      {leaving.question}
      <Link to="/elsewhere">elsewhere</Link>
      <button type="button" onClick={() => setUnsaved(false)}>
        save
      </button>
      <button
        type="button"
        onClick={() => {
          leaving.settle();
          void navigate('/elsewhere');
        }}
      >
        publish
      </button>
    </>
  );
}

const show = () =>
  renderConsole(
    <Routes>
      <Route path="/" element={<Form />} />
      <Route path="/elsewhere" element={<p>arrived</p>} />
    </Routes>,
  );

afterEach(cleanup);

it('a link asks while there is something unsaved: one can stay, and leave', async () => {
  show();
  fireEvent.click(screen.getByText('elsewhere'));
  fireEvent.click(await screen.findByRole('button', { name: 'Stay' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.queryByText('arrived')).toBeNull();
  fireEvent.click(screen.getByText('elsewhere'));
  fireEvent.click(await screen.findByRole('button', { name: 'Leave' }));
  expect(await screen.findByText('arrived')).toBeTruthy();
});

it.each(['save', 'publish'])('after “%s” nothing is asked', async (how) => {
  show();
  fireEvent.click(screen.getByText(how));
  if (how === 'save') fireEvent.click(screen.getByText('elsewhere'));
  expect(await screen.findByText('arrived')).toBeTruthy();
  expect(screen.queryByRole('dialog')).toBeNull();
});
