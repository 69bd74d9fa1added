/**
 * Asking the program and asking again: answers are cached by TanStack Query under [method, ...args], and an event
 * makes the answers it touches stale. A failed answer is an error of the query whose `problem` says why.
 */

import { QueryClient, type UseQueryResult, useMutation, useQueries, useQuery } from '@tanstack/react-query'
import type { Args, EventName, Method, Value } from '../shared/api.ts'
import type { Problem } from '../shared/problem.ts'
import { call, onEvent } from './bridge.ts'
import { theRest } from './ui/rest.ts'

/** What a query or command fails with; carries the problem as it came. */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.kind)
    this.problem = problem
  }
}

export async function ask<M extends Method>(method: M, ...args: Args<M>): Promise<Value<M>> {
  const reply = await call(method, ...args)
  if (reply.ok) return reply.value
  throw new ProblemError(reply.problem)
}

/**
 * Subscribes a view to an answer; it is asked again when an event says it changed. With `keepsLast` the answer to the
 * last question stays (`isPlaceholderData`) until the next one is there.
 */
export function useAsk<M extends Method>(
  method: M,
  args: Args<M>,
  options: { isEnabled?: boolean; keepsLast?: boolean } = {},
): UseQueryResult<Value<M>, ProblemError> {
  return useQuery<Value<M>, ProblemError>({
    queryKey: [method, ...args],
    queryFn: () => ask(method, ...args),
    enabled: options.isEnabled ?? true,
    ...(options.keepsLast === true && { placeholderData: (last: unknown) => last as never }),
  })
}

/** The same question about several things; undefined where an answer has not come or failed. */
export function useAskEach<M extends Method>(method: M, each: readonly Args<M>[]): (Value<M> | undefined)[] {
  return useQueries({
    queries: each.map(args => ({
      queryKey: [method, ...args],
      queryFn: () => ask(method, ...args),
    })),
    combine: answers => answers.map(answer => answer.data),
  })
}

/** A command of a button. Nothing is shown before the program has answered. */
export function useCommand<M extends Method>(method: M) {
  return useMutation<Value<M>, ProblemError, Args<M>>({ mutationFn: args => ask(method, ...args) })
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}

/** Which answers an event makes stale, by the first words of their method. */
const TOUCHES: Record<EventName, readonly string[]> = {
  'accounts.changed': ['accounts.', 'mailbox.', 'app.status'],
  'check.changed': ['accounts.checkState'],
  'drafts.changed': ['drafts.'],
  'drafts.saved': ['drafts.'],
  'writers.changed': [],
  'outbox.changed': ['outbox.', 'merge.'],
  'merge.changed': ['merge.'],
  'templates.changed': ['templates.'],
  'mailbox.changed': [
    'mailbox.folders',
    'mailbox.count',
    'mailbox.page',
    'mailbox.conversation',
    'search.find',
    'search.count',
  ],
  'message.changed': [
    'mailbox.message',
    'mailbox.page',
    'mailbox.conversation',
    'search.find',
    'search.files',
  ],
  'search.changed': ['search.find', 'search.count', 'search.files'],
  'people.changed': ['people.'],
  'lists.changed': ['lists.'],
  'pictures.changed': ['pictures.trusted'],
  'settings.changed': ['settings.'],
  'status.changed': ['app.status'],
  'compose.requested': [],
}

/** Keeps the cache true for as long as the page lives. Returns the unsubscribe. */
export function followEvents(client: QueryClient): () => void {
  const rest = theRest()
  let takeBack = () => {}
  const renew = (name: EventName) =>
    void client.invalidateQueries({
      predicate: query => TOUCHES[name].some(prefix => String(query.queryKey[0]).startsWith(prefix)),
    })
  return onEvent(({ name }) => {
    if (name !== 'drafts.saved') return renew(name)
    // Whoever writes causes one each second, and no view of drafts is as much in a hurry as the next key.
    takeBack()
    takeBack = rest.at(() => renew(name))
  })
}
