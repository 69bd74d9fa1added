/** A hundred addresses and more that a mail may link to: opened other than http, https and mailto 0. */

import { expect, test } from 'vitest'
import { appCalls } from '../../main/app-calls.ts'
import { isOpenable } from '../../main/shells/outside.ts'
import { linkTarget } from '../../renderer/mailbox/link-target.ts'
import { ok } from '../../shared/problem.ts'
import { addresses, honestHosts } from '../support/hostile-vectors.ts'

function openLink() {
  const opened: string[] = []
  const begun: unknown[] = []
  const calls = appCalls({
    info: {} as never,
    statuses: () => [],
    openExternal: async url => void opened.push(url),
    writeTo: async mailto => {
      begun.push(mailto)
      return ok({ draftId: 'd' })
    },
    quit: undefined,
    startPractice: async () => ok({ accountId: 'a' }),
  })
  return { opened, begun, run: calls['app.openLink'].run }
}

test('there are a hundred and more', () => {
  expect(new Set([...addresses, ...honestHosts.map(([address]) => address)]).size).toBeGreaterThanOrEqual(100)
})

test('nothing but http, https and mailto is a link, leaves the program or reaches the system', async () => {
  const { opened, begun, run } = openLink()
  for (const address of addresses) {
    expect(linkTarget(address, 'x'), address).toBeNull()
    await run(address)
    expect(isOpenable(address), address).toBe(false)
  }
  expect(opened).toEqual([])
  expect(begun).toEqual([])
  console.info(`hostile links: ${addresses.length} asked for, opened other than http, https, mailto 0`)
})

test('where a link really leads is shown, whatever it pretends; one with a name or password in it is not opened', async () => {
  const { opened, run } = openLink()
  for (const [address, shown] of honestHosts) {
    expect(linkTarget(address, 'https://bank.example/')?.shown, address).toBe(shown)
    await run(address)
  }
  for (const url of opened) {
    expect(isOpenable(url), url).toBe(true)
    expect(new URL(url).username).toBe('')
  }
})

test('mailto begins a draft here and goes nowhere else', async () => {
  const { opened, begun, run } = openLink()
  await run('mailto:a@b.example?subject=x')
  expect(begun).toHaveLength(1)
  expect(opened).toEqual([])
})
