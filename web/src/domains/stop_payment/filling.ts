import type { Order } from '@/api/types/orders'
import { localOf, type Kind } from './orders'
import type { Subject } from './SubjectPicker.vue'

/** What an order tells of the next one on its account; a number shown masked is left to the server. */
export function fillFrom(order: Order | null | undefined, kind: Kind) {
  if (!order) return {}
  const fen = (kind === 'freeze' && order.held_fen) || order.amount_fen
  return {
    amount: fen ? `${fen / 100}` : '',
    time: localOf(order.transfer_at),
    from: localOf(order.transfer_at),
    urgent: order.urgent,
    limited: Boolean(fen),
  }
}

/** What the next order is for: the same, but a freeze needs a case. */
export function subjectFrom(order: Order | null | undefined, kind: Kind): Subject | null {
  if (!order || (kind === 'freeze' && order.subject.kind !== 'case')) return null
  const { id, label } = order.subject
  return { kind: order.subject.kind === 'case' ? 'case' : 'report', id, label }
}
