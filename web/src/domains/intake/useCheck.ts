import type { Ref } from 'vue'
import { useLiveCheck } from '@/shared/forms/useLiveCheck'
import { intake } from './api'
import { toCheck, type ReportForm } from './form'

/** What the form of a report says while it is typed. */
export function useCheck(form: Ref<ReportForm>, reportId: string | null) {
  return useLiveCheck(form, (value, signal) => intake.check(toCheck(value, reportId), signal))
}
