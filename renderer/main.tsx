/** The entry of the page: styles, the cache, the App. Nothing else happens here. */

import './theme/styles.ts'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { createQueryClient } from './ask.ts'

const root = document.getElementById('page')
if (root === null) throw new Error('index.html has no #page')
createRoot(root).render(<App queryClient={createQueryClient()} />)
