/** Why a template cannot have its name, in the words of `templates.save`. */

import type { Problem } from '../../shared/problem.ts'

export type NameFault = 'missing' | 'twice' | 'space'

/** Null where the problem is another one. */
export function nameFault(problem: Problem | undefined): NameFault | null {
  if (problem?.kind !== 'invalid' || problem.field !== 'name') return null
  const { reason } = problem
  return reason === 'missing' || reason === 'twice' || reason === 'space' ? reason : null
}
