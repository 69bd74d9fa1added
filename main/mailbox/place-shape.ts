/** A place and an id as they come over the door. */

import { FOLDER_ROLES } from '../../shared/model.ts'
import { z } from '../call.ts'

export const idShape = z.string().min(1).max(40)

export const placeShape = z.union([
  z.object({ kind: z.literal('unified'), role: z.enum(FOLDER_ROLES).extract(['inbox', 'sent']) }),
  z.object({ kind: z.literal('folder'), folderId: idShape }),
])
