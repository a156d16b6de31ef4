/** What every page on examples is beside its story and its figures: settings, the run, its transport, and what it is given. */
import type { PageContext, PageInstance } from '../frame/page.js';
import { runStatus } from '../frame/training/words.js';
import type { ExamplesLab } from './lab.js';
import { isBusy, type PageRun } from './page-run.js';
import type { TrainingValues } from './rows.js';
import { RunCard, RunSettings } from './run-card.js';

export interface PagePartsOptions<V extends TrainingValues, L> {
  readonly i18n: PageContext['i18n'];
  readonly lab: ExamplesLab<V, L>;
  readonly run: PageRun;
  /** The page's own settings, above those that every run has. */
  readonly own: readonly string[];
  /** A sentence below the run, in the current language. */
  readonly note?: () => string;
}

export function pageParts<V extends TrainingValues, L>({
  i18n,
  lab,
  run,
  own,
  note,
}: PagePartsOptions<V, L>) {
  return {
    Controls: () => (
      <>
        <RunSettings lab={lab} run={run} own={own} />
        <RunCard lab={lab} run={run} />
        {note !== undefined && <p class="small">{note()}</p>}
      </>
    ),
    transport: run.transport,
    status: () => runStatus(lab, i18n),
    take: ({ files }) => void run.open(files),
    own: run.own,
    bring: run.bring,
    busy: isBusy(lab),
  } satisfies Partial<PageInstance>;
}
