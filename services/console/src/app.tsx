import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ApiError, setCsrfToken } from './api/call.ts';
import { ask, queryClient } from './api/queries.ts';
import { SignIn } from './pages/sign-in.tsx';
import { router } from './router.tsx';
import { SessionProvider } from './shell/session.tsx';
import { Loading } from './ui/card.tsx';
import { ProblemNotice } from './ui/problem-notice.tsx';

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Entrance />
    </QueryClientProvider>
  );
}

/** Lets in who is signed in; to everybody else it shows how to. The address stays, so one arrives where one wanted to. */
function Entrance() {
  const session = useQuery({ ...ask('getSession', {}), staleTime: 60_000 });
  const signedOut = session.error instanceof ApiError && session.error.problem.status === 401;
  setCsrfToken(session.data?.csrf_token ?? null);

  // A session may end while the page is open: the first answer that says so shows the sign-in.
  useEffect(
    () =>
      queryClient.getQueryCache().subscribe(({ type, query }) => {
        if (type !== 'updated' || query.queryKey[0] === 'getSession') return;
        const { error } = query.state;
        if (error instanceof ApiError && error.problem.status === 401)
          void queryClient.invalidateQueries({ queryKey: ['getSession'] });
      }),
    [],
  );

  if (signedOut) return <SignIn onSignedIn={() => void queryClient.resetQueries()} />;
  if (session.data)
    return (
      <SessionProvider session={session.data}>
        <RouterProvider router={router} />
      </SessionProvider>
    );
  if (session.error) return <ProblemNotice error={session.error} onRetry={() => void session.refetch()} />;
  return <Loading label="Signing in" />;
}
