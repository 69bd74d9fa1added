// The disk is full at each commit of a mail's way.

import type { Case } from './crash-case.ts'

export function diskCases(): Case[] {
  const full = (step: string, at: string, allowed: string[]): Case => ({
    step,
    fault: 'disk full',
    isDeadly: false,
    allowed,
    async run(world) {
      const { draftId, revision } = await world.compose()
      await world.program.order({ do: 'fill disk', at, times: 1 })
      const answer = await world.program.ask('outbox.send', draftId, revision, null)
      if (answer.ok) return answer.value.itemId
      if (at !== 'written' || answer.problem.kind !== 'disk-full')
        throw new Error(JSON.stringify(answer.problem))
      // Not queued, and the draft is whole; with space again it goes.
      await world.program.call('drafts.get', draftId)
      return (await world.program.call('outbox.send', draftId, revision, null)).itemId
    },
  })
  return [
    full('s3 commit', 'written', ['accepted']),
    full('s6 claim', 'claimed', ['accepted']),
    full('s12 terminating', 'terminating', ['queued']),
    full('s14 outcome', 'accepted', ['accepted']),
    full('s16 filing', 'copy-filing', ['accepted']),
    full('s17 filed', 'copy-filed', ['accepted']),
    {
      step: 's18 purge',
      fault: 'disk full',
      isDeadly: false,
      allowed: ['accepted'],
      async run(world) {
        const itemId = await world.send()
        await world.program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
        await world.program.order({ do: 'fill disk', at: 'purge', times: 1 })
        const answer = await world.program.ask('outbox.remove', itemId)
        if (answer.ok || answer.problem.kind !== 'disk-full') throw new Error(JSON.stringify(answer))
        await world.program.call('outbox.remove', itemId)
        return itemId
      },
    },
  ]
}
