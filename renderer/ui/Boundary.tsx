/** A mistake in one view is said in its place and leaves the rest of the window standing. React wants a class for it. */

import { Component, type ReactNode } from 'react'
import styles from './Boundary.module.css'
import { ProblemNote } from './ProblemNote.tsx'

type Props = { children: ReactNode }
type State = { detail: string | null }

export class Boundary extends Component<Props, State> {
  override state: State = { detail: null }

  static getDerivedStateFromError(error: unknown): State {
    return { detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
  }

  override render(): ReactNode {
    if (this.state.detail === null) return this.props.children
    return (
      <div className={styles.place}>
        <ProblemNote
          problem={{ kind: 'internal', detail: this.state.detail }}
          onRetry={() => this.setState({ detail: null })}
        />
      </div>
    )
  }
}
