/** All runs, with the settings in which they differ. */
import type { ComponentChildren } from 'preact';
import type { TokenName } from '../../../charts/tokens.js';
import { useFrame } from '../../../frame/context.js';
import { Icon } from '../../../frame/icons.js';
import type { KeptRun } from '../../../frame/kept-runs/store.js';
import { ScrollBox } from '../../../frame/scroll-box.js';
import { differences, settingOf } from '../compare.js';
import type { Key } from '../en.js';
import type { RunsModel } from '../model.js';
import { timeOf } from '../words.js';

export const colorName = ({ color }: KeptRun): TokenName => `series-${color}` as TokenName;

/** Opens the page that goes on with a kept run, or the training page. */
function useTraining(): (run?: KeptRun) => void {
  const frame = useFrame();
  return (run) => {
    const wanted = run?.page ?? 'train';
    const entry = frame.pages.find(({ id }) => id === wanted);
    if (entry === undefined) return;
    if (run === undefined) void frame.show(entry);
    else void frame.show(entry, `?v=1&p=${wanted}&run=${run.id}`);
  };
}

export function RunsTable({ model }: { readonly model: RunsModel }) {
  const { i18n } = model.context;
  const { t } = i18n;
  const openTraining = useTraining();
  const runs = model.listed.value;
  const names = differences(runs);
  return (
    <section class="card" aria-labelledby="runs-title" id="section-table">
      <h2 id="runs-title">{t('table.title')}</h2>
      {runs.length === 0 ? (
        <>
          <p>{t(model.runs.value === null ? 'status.opening' : 'table.none')}</p>
          <button type="button" onClick={() => openTraining()}>
            {t('table.train')}
          </button>
        </>
      ) : (
        <>
          {runs.length > 1 && names.length === 0 && <p class="small">{t('table.same')}</p>}
          <ScrollBox class="table-frame runs-frame" label={t('table.list')}>
            <table class="runs">
              <thead>
                <tr>
                  <th scope="col">{t('table.show')}</th>
                  <th scope="col">{t('table.actions')}</th>
                  <th scope="col">{t('table.kind')}</th>
                  <th scope="col">{t('table.seed')}</th>
                  <th scope="col">{t('table.steps')}</th>
                  <th scope="col">{t('table.validation')}</th>
                  {names.map((name) => (
                    <th key={name} scope="col">
                      {t(`name.${name}` as Key)}
                    </th>
                  ))}
                  <th scope="col">{t('table.hash')}</th>
                  <th scope="col">{t('table.changed')}</th>
                </tr>
              </thead>
              <tbody>
                {runs.map((run) => (
                  <Row key={run.id} model={model} run={run} onOpen={() => openTraining(run)}>
                    {names.map((name) => (
                      <td key={name}>
                        <bdi>{settingOf(run, name)}</bdi>
                      </td>
                    ))}
                  </Row>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        </>
      )}
    </section>
  );
}

interface RowProps {
  readonly model: RunsModel;
  readonly run: KeptRun;
  readonly onOpen: () => void;
  readonly children: ComponentChildren;
}

function Row({ model, run, onOpen, children }: RowProps) {
  const { i18n } = model.context;
  const { t, format } = i18n;
  const { integer, decimal } = format.value;
  const seed = String(run.config.seed);
  const time = timeOf(run.changed, i18n);
  const isShown = model.shown.value.some(({ id }) => id === run.id);
  return (
    <tr data-testid="run">
      <th scope="row">
        <span class="pick">
          <input
            type="checkbox"
            aria-label={t('table.showRun', { seed, time })}
            checked={isShown}
            onChange={() => model.toggle(run.id)}
          />
          <button
            type="button"
            class={`swatch ${colorName(run)}`}
            title={t('table.colorOf', { seed })}
            aria-label={t('table.colorOf', { seed })}
            onClick={() => void model.recolor(run)}
          />
        </span>
      </th>
      <td>
        <span class="row actions">
          <button type="button" onClick={onOpen}>
            {t('table.open')}
          </button>
          <IconButton name="download" label={t('table.download')} onClick={() => void model.download(run)} />
          <IconButton name="remove" label={t('table.delete')} onClick={() => void model.delete(run)} />
        </span>
      </td>
      <td>{t(`kind.${run.page}`)}</td>
      <td>
        <bdi>{seed}</bdi>
      </td>
      <td>
        {integer(run.step)}
        {run.parent !== undefined && (
          <span class="small fork">{t('table.fork', { step: run.parent.step })}</span>
        )}
      </td>
      <td>{decimal(run.validation, 3)}</td>
      {children}
      <td>
        <code title={run.hash}>{run.hash.slice(0, 8)}</code>
      </td>
      <td class="time">{time}</td>
    </tr>
  );
}

interface IconButtonProps {
  readonly name: 'download' | 'remove';
  readonly label: string;
  readonly onClick: () => void;
}

function IconButton({ name, label, onClick }: IconButtonProps) {
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} onClick={onClick}>
      <Icon name={name} />
    </button>
  );
}
