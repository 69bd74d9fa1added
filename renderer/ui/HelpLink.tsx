/** A page of the provider that helps, opened outside by the program. The address is from our own list. */

import { Button } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import type { ReplyWords } from './reply-words.ts'
import { useAct } from './use-act.tsx'

export function HelpLink({ help }: { help: NonNullable<ReplyWords['help']> }) {
  const act = useAct()
  return (
    <Button
      size="xs"
      title={new URL(help.page.url).host}
      rightSection={<IconExternalLink size={14} stroke={1.8} aria-hidden />}
      onClick={() => void act('app.openLink', help.page.url)}
    >
      {help.text}
    </Button>
  )
}
