/**
 * The gallery: `?view=inbox&state=full&theme=dark&lang=ja` shows one state on a fake bridge; without a view, the list
 * of all. `window.gallery` is the bridge of the page, for specs.
 */

import '../../renderer/theme/styles.ts'
import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from '../../renderer/App.tsx'
import { createQueryClient } from '../../renderer/ask.ts'
import { NavigationProvider } from '../../renderer/frame/navigation.tsx'
import { Providers } from '../../renderer/frame/Providers.tsx'
import { asLanguage } from '../../renderer/i18n/words.ts'
import type { FakeBridge } from '../support/fake-bridge.ts'
import { galleryStates } from './registry.ts'
import type { GalleryState } from './state.ts'

declare global {
  interface Window {
    gallery?: { bridge: FakeBridge; states: { view: string; state: string }[] }
  }
}

const query = new URLSearchParams(location.search)
const root = document.getElementById('page')
if (root === null) throw new Error('index.html has no #page')

function Contents() {
  return (
    <main style={{ padding: 32, height: '100%', overflow: 'auto' }}>
      <h1>Gallery</h1>
      <ul>
        {galleryStates.map(({ view, state }) => (
          <li key={`${view} ${state}`}>
            <a href={`?view=${view}&state=${state}`}>
              {view}, {state}
            </a>
          </li>
        ))}
      </ul>
    </main>
  )
}

function Shown({ shown, bridge }: { shown: GalleryState; bridge: FakeBridge }) {
  useEffect(() => shown.afterMount?.(bridge), [shown, bridge])
  const [queryClient] = useState(createQueryClient)
  if (shown.show === undefined) {
    return <App queryClient={queryClient} {...(shown.startAt !== undefined && { startAt: shown.startAt })} />
  }
  return (
    <Providers queryClient={queryClient}>
      <NavigationProvider>{shown.show()}</NavigationProvider>
    </Providers>
  )
}

function open(): void {
  const states = galleryStates.map(({ view, state }) => ({ view, state }))
  const view = query.get('view')
  const shown = galleryStates.find(
    candidate => candidate.view === view && candidate.state === (query.get('state') ?? 'full'),
  )
  const bridge = shown?.bridge()
  if (root === null) return
  if (shown === undefined || bridge === undefined) {
    createRoot(root).render(<Contents />)
    return
  }
  const theme = query.get('theme')
  const language = asLanguage(query.get('lang') ?? '')
  bridge.world.settings = {
    ...bridge.world.settings,
    ...(language !== null && { language }),
    ...((theme === 'dark' || theme === 'light') && { theme }),
  }
  window.todoke = bridge
  window.gallery = { bridge, states }
  createRoot(root).render(
    <StrictMode>
      <Shown shown={shown} bridge={bridge} />
    </StrictMode>,
  )
}

open()
