import { hourOf } from './format'

export type Shift = 'day' | 'night'

/** The shift at an instant: twelve hours from 08:00, twelve from 20:00, by the clock in China. */
export function shiftOf(at: number): Shift {
  const hour = hourOf(at)
  return hour >= 8 && hour < 20 ? 'day' : 'night'
}
