/** A command of a button or key: asks the program, and shows the problem where it says no. Never acts ahead of the answer. */

import { notifications } from '@mantine/notifications'
import { useCallback } from 'react'
import type { Args, Method, Value } from '../../shared/api.ts'
import type { Problem } from '../../shared/problem.ts'
import { ask, ProblemError } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { Disclosure } from './Disclosure.tsx'
import { useFormat } from './format.ts'
import { problemWords } from './problem-words.ts'
import { ServerWords } from './ServerWords.tsx'

/** A problem in the corner, for commands that have no place of their own on screen. */
export function useShowProblem(): (problem: Problem) => void {
  const words = useWords()
  const format = useFormat()
  return useCallback(
    problem => {
      const { title, whose, meaning, remedy, serverWords } = problemWords(problem, words, format)
      notifications.show({
        id: problem.kind,
        title,
        message: (
          <>
            {format.sentences([whose, meaning, remedy])}
            {serverWords !== null && (
              <div>
                <Disclosure label={words('problem.serverSaid')}>
                  <ServerWords>{serverWords}</ServerWords>
                </Disclosure>
              </div>
            )}
          </>
        ),
        color: 'seal',
        autoClose: 12_000,
        closeButtonProps: { 'aria-label': words('frame.close') },
        withBorder: true,
      })
    },
    [words, format],
  )
}

/** Resolves to the answer, or to null where there was a problem (which has been shown by then). */
export function useAct(): <M extends Method>(method: M, ...args: Args<M>) => Promise<Value<M> | null> {
  const showProblem = useShowProblem()
  return useCallback(
    async (method, ...args) => {
      try {
        return await ask(method, ...args)
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        showProblem(error.problem)
        return null
      }
    },
    [showProblem],
  )
}
