/** How runs are named. */
import type { I18n } from '../../i18n/index.js';

/** When a run was kept, in the language's own calendar. */
export function timeOf(changed: number, { language, format }: I18n<never>): string {
  const latin = format.value.integer(1) === '1';
  const locale = language.value === 'en' ? 'en-GB' : latin ? 'fa-IR-u-nu-latn' : 'fa-IR';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' }).format(changed);
}
