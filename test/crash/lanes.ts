// Several worlds beside each other, each taking the next piece of work when it is free.

import { openWorld, type World, type WorldOptions } from './world.ts'

export async function inLanes<Work>(
  lanes: number,
  options: WorldOptions,
  all: readonly Work[],
  run: (world: World, work: Work) => Promise<void>,
): Promise<void> {
  const left = [...all]
  const lane = async () => {
    const world = await openWorld(options)
    try {
      for (let work = left.shift(); work !== undefined; work = left.shift()) await run(world, work)
    } finally {
      await world.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, all.length) }, lane))
}
