import type { Answer, Row, Sent } from '../client'

export type Run = Row<'/api/twin/runs'>
export type RunDetail = Answer<'/api/twin/runs/{run_id}', 'get'>
export type RunInput = Sent<'/api/twin/runs', 'post'>
export type Side = Run['a']
export type Figure = RunDetail['figures'][number]
export type Interval = NonNullable<Figure['a']>
export type World = RunDetail['played'][number]
export type Pace = NonNullable<Side['banks']>
export type Policy = NonNullable<Side['policy']>
export type Story = Answer<'/api/twin/runs/{run_id}/worlds/{place}', 'get'>
export type StoryCase = Story['cases'][number]
export type StorySide = NonNullable<StoryCase['a']>
export type StoryAct = StorySide['acts'][number]
export type StoryAccount = StoryCase['accounts'][number]
export type Way = Exclude<NonNullable<StorySide['moves']['way']>[number], ''>
