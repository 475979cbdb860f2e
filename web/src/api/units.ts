import { http } from './http'
import type { UnitName } from './types/units'

/** What every page may ask about units. */
export const units = {
  names: () => http.get<UnitName[]>('/api/units/names'),
}
