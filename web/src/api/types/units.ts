import type { Answer } from '../client'

export type UnitName = Answer<'/api/units/names', 'get'>[number]
