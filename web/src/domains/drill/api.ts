import { client, content } from '@/api/client'
import type { components } from '@/api/schema'

export type Drill = components['schemas']['DrillOut']
export type Step = components['schemas']['DrillStepOut']
export type Call = NonNullable<Drill['call']>

export const drill = {
  read: () => content(client.GET('/api/drill')),
  next: () => content(client.POST('/api/drill/calls')),
}
