import type { Answer } from '../client'

export type Advice = Answer<'/api/orders/advice', 'get'>
export type Suggestion = Advice['suggestions'][number]
