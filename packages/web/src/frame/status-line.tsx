/** One line that says how things stand: the newest notice, else the page's own words. Errors interrupt screen readers, news waits. */
import type { I18n } from '../i18n/index.js';
import { useFrame } from './context.js';
import { type Notice, noticeText } from './notices.js';

export function StatusLine() {
  const frame = useFrame();
  const page = frame.page.value;
  if (frame.notice.value !== null) return <Line notice={frame.notice.value} i18n={frame.i18n} />;
  if (page === null) return <Line notice={{ tone: 'info', key: 'status.loading' }} i18n={frame.i18n} />;
  const { notice, i18n } = page.context;
  if (notice.value !== null) return <Line notice={notice.value} i18n={i18n} />;
  return (
    <div class="status">
      <p role="status" class="status-text">
        {page.instance.status?.() ?? ''}
      </p>
      <p role="alert" class="status-text" />
    </div>
  );
}

interface LineProps<K extends string> {
  readonly notice: Notice<K>;
  readonly i18n: I18n<K>;
}

function Line<K extends string>({ notice, i18n }: LineProps<K>) {
  const isError = notice.tone === 'error';
  const { action } = notice;
  return (
    <div class={isError ? 'status error' : 'status'}>
      <p role="status" class="status-text">
        {!isError && noticeText(notice, i18n)}
      </p>
      <p role="alert" class="status-text">
        {isError && noticeText(notice, i18n)}
      </p>
      {isError && notice.technical !== undefined && (
        <p class="technical" lang="en" dir="ltr">
          {notice.technical}
        </p>
      )}
      {action !== undefined && (
        <button type="button" onClick={() => action.act()}>
          {i18n.t(action.key, action.facts)}
        </button>
      )}
    </div>
  );
}
