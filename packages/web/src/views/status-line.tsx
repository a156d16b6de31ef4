/** One line that says how things stand: the newest notice, else the phase. Errors interrupt screen readers, news waits. */
import { useApp } from '../app.js';
import type { I18n } from '../i18n/index.js';
import type { Lab } from '../lab.js';
import { type Notice, noticeText } from '../notices.js';

export function StatusLine() {
  const { i18n, lab } = useApp();
  const notice = lab.notice.value;
  const isError = notice?.tone === 'error';
  return (
    <div class={isError ? 'status error' : 'status'}>
      <p role="status" class="status-text">
        {!isError && (notice === null ? phaseText(lab, i18n) : noticeText(notice, i18n))}
      </p>
      <p role="alert" class="status-text">
        {isError && noticeText(notice, i18n)}
      </p>
      {isError && notice.technical !== undefined && (
        <p class="technical" lang="en" dir="ltr">
          {notice.technical}
        </p>
      )}
      {notice?.action !== undefined && <ActionButton notice={notice} />}
    </div>
  );
}

function ActionButton({ notice }: { readonly notice: Notice }) {
  const { i18n, commands } = useApp();
  const { kind, step } = notice.action ?? { kind: 'rewind' };
  const label =
    kind === 'rewind'
      ? i18n.t('error.action.rewind')
      : kind === 'undo'
        ? i18n.t('error.action.undo')
        : step === undefined
          ? i18n.t('error.action.restartFresh')
          : i18n.t('error.action.restart', { step });
  return (
    <button type="button" onClick={() => commands[kind]()}>
      {label}
    </button>
  );
}

function phaseText(lab: Lab, { t }: I18n): string {
  const step = lab.step.value;
  switch (lab.phase.value) {
    case 'opening':
      return t('status.opening');
    case 'ready':
      return t('status.ready', { parameters: lab.run.value?.parameters ?? 0 });
    case 'training':
      return t('status.training');
    case 'pausing':
      return t('status.pausing');
    case 'paused':
    case 'done':
      return t('status.paused', { step });
    default:
      return '';
  }
}
