/** What buttons, keys and links do, beyond the lab's own calls: files, clipboard, and what blocks a start. */
import type { Signal } from '@preact/signals';
import sampleTextUrl from '../../../../cli/data/panbeh.txt?url';
import { copy } from '../../frame/copy.js';
import { LARGEST_TEXT, readHanded, saveFile } from '../../frame/files.js';
import { type Notice, refusalNotice } from '../../frame/notices.js';
import type { I18n } from '../../i18n/index.js';
import type { Settings } from '../../state/settings.js';
import { lossCsv } from './charts/csv.js';
import type { Key } from './en.js';
import type { Lab } from './lab.js';
import { modelConfig, rateAt, type table } from './table.js';

/** Orders from buttons, keys and links. */
export interface Commands {
  /** False, with a message, while a field of the form holds something that is not allowed. */
  formIsValid(): boolean;
  rewind(): void;
  sample(): void;
  /** Another learning rate: of the run from its next step on, or of one that has not begun. */
  setRate(rate: number): Promise<void>;
  useText(kind: 'sample' | 'own' | 'file', name: string, content: string): void;
  takeFiles(files: readonly File[]): Promise<void>;
  loadSampleText(): Promise<void>;
  /** The sample, unless the page is given another text meanwhile. */
  loadFirstText(): Promise<void>;
  download(): Promise<void>;
  downloadCsv(): void;
  /** Copies `text`; where the browser forbids it, selects `shown`, which shows the same text. */
  copy(text: string, shown: HTMLElement | null): Promise<void>;
}

export interface CommandsOptions {
  readonly lab: Lab;
  readonly settings: Settings<typeof table>;
  readonly i18n: I18n<Key>;
  readonly notice: Signal<Notice<Key> | null>;
  readonly pinned: Signal<number | null>;
}

/** Name of the text that ships with the program. */
export const SAMPLE_TEXT_NAME = 'panbeh.txt';

/** Name under which the command line expects a text that was pasted. */
export const OWN_TEXT_NAME = 'text.txt';

export function createCommands({
  lab,
  settings,
  i18n: { t, language },
  notice,
  pinned,
}: CommandsOptions): Commands {
  const formIsValid = (): boolean => {
    const wrong = Object.keys(settings.drafts.value);
    if (wrong.length === 0) return true;
    const separator = language.value === 'fa' ? '، ' : ', ';
    const names = wrong.map((name) => t(`setting.${name}` as Key)).join(separator);
    notice.value = { tone: 'error', key: 'problem.form', facts: { names } };
    return false;
  };

  const loadSampleText = async (isWanted: () => boolean): Promise<void> => {
    let got = '0';
    try {
      const response = await fetch(sampleTextUrl);
      got = String(response.status);
      if (response.ok) {
        const content = await response.text();
        if (isWanted()) lab.give({ kind: 'sample', name: SAMPLE_TEXT_NAME, content });
        return;
      }
    } catch {
      // Falls through to the message: offline, or the file is missing from the site.
    }
    if (!isWanted()) return;
    notice.value = { tone: 'error', key: 'error.sampleText', facts: { got } };
    if (lab.phase.value === 'opening') lab.phase.value = 'empty';
  };

  const commands: Commands = {
    formIsValid,
    rewind() {
      if (!formIsValid()) return;
      pinned.value = null;
      void lab.rewind();
    },
    sample() {
      pinned.value = null;
      void lab.sample();
    },

    async setRate(rate) {
      if (lab.step.value === 0 && !lab.isTraining) {
        settings.set('learningRate', rate);
        return;
      }
      const step = await lab.setRate(rate);
      if (step === undefined) return;
      notice.value = { tone: 'info', key: 'rate.changed', facts: { step, rate } };
    },

    useText(kind, name, content) {
      if (content.length > LARGEST_TEXT) {
        const bytes = { max: LARGEST_TEXT, got: content.length };
        notice.value = { tone: 'error', key: 'error.tooLarge', facts: { name }, bytes };
        return;
      }
      lab.give({ kind, name, content });
    },

    async takeFiles(files) {
      const file = files[0];
      if (file === undefined) {
        notice.value = { tone: 'error', key: 'error.nothingDropped' };
        return;
      }
      if (files.length > 1) {
        notice.value = { tone: 'error', key: 'error.manyFiles', facts: { got: files.length } };
        return;
      }
      const handed = await readHanded(file);
      if (handed.kind === 'refused') notice.value = refusalNotice(handed.refusal);
      else if (handed.kind === 'text') commands.useText('file', handed.name, handed.text);
      else {
        pinned.value = null;
        await lab.load(handed.bytes);
      }
    },

    loadSampleText: () => loadSampleText(() => true),
    loadFirstText: () => loadSampleText(() => lab.source.value === null),

    async download() {
      const running = lab.phase.value === 'training' || lab.phase.value === 'pausing';
      const bytes = await lab.checkpoint();
      if (bytes === undefined) return;
      // While steps go by, the exact one is in the file, and a wrong number in its name would mislead.
      const file = running ? 'char-lm.safetensors' : `char-lm-step-${lab.step.value}.safetensors`;
      saveFile(file, 'application/octet-stream', [bytes as Uint8Array<ArrayBuffer>]);
      if (!running) notice.value = { tone: 'info', key: 'status.downloaded', facts: { file } };
    },

    downloadCsv() {
      const file = `char-lm-seed-${settings.get('seed')}-loss.csv`;
      const config = lab.run.value?.config ?? modelConfig(settings.all());
      saveFile(file, 'text/csv', [lossCsv(lab.history.columns(), (step) => rateAt(config, step - 1))]);
      notice.value = { tone: 'info', key: 'status.csv', facts: { file } };
    },

    copy: (text, shown) =>
      copy(text, shown, (said) => {
        notice.value = said;
      }),
  };
  return commands;
}
