import { useRef, useState } from 'react';
import { oneAtATime } from './one-at-a-time.ts';

/** Submits a form once at a time, and keeps why it did not go through. What was typed stays. */
export function useSubmit(work: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const latest = useRef(work);
  latest.current = work;
  const [submit] = useState(() =>
    oneAtATime(async () => {
      setBusy(true);
      setFault(null);
      try {
        await latest.current();
      } catch (error) {
        setFault(error instanceof Error ? error.message : String(error));
      } finally {
        setBusy(false);
      }
    }),
  );
  return { submit, busy, fault };
}
