/** What can be taken along: the derivation as LaTeX, the numbers as JSON and CSV, programs, the graph as SVG. */
import { csvOf } from '../../../charts/export.js';
import { saveFile } from '../../../frame/files.js';
import { useApp } from '../app.js';
import { pathsTable } from '../tables.js';

export function Exports() {
  const { bench, context } = useApp();
  const { t, language } = context.i18n;
  const unrolled = bench.unrolled.value;
  if (unrolled === null) return null;
  const { derivation } = unrolled;
  const name = `bptt-${derivation.wrt.replace(/\W+/g, '-')}-T${derivation.steps}`;
  const text = (extension: string, type: string, content: string): void =>
    saveFile(`${name}.${extension}`, type, [content]);
  const latex = async (): Promise<void> => {
    const { derivationLatex } = await import('@hw5/core/homework');
    text('tex', 'application/x-tex', derivationLatex(derivation, language.peek()));
  };
  return (
    <div class="exports">
      <p class="small">{t('export.help')}</p>
      <div class="row">
        <button type="button" onClick={() => void latex()}>
          LaTeX
        </button>
        <button
          type="button"
          onClick={() => text('json', 'application/json', JSON.stringify(unrolled, null, 1))}
        >
          JSON
        </button>
        <button type="button" onClick={() => text('csv', 'text/csv', csvOf(pathsTable(unrolled)))}>
          CSV
        </button>
        <button type="button" onClick={() => text('py', 'text/x-python', derivation.programs.numpy)}>
          NumPy
        </button>
        <button type="button" onClick={() => text('torch.py', 'text/x-python', derivation.programs.pytorch)}>
          PyTorch
        </button>
        <button type="button" onClick={() => text('ts', 'text/plain', derivation.programs.ts)}>
          TypeScript
        </button>
      </div>
    </div>
  );
}
