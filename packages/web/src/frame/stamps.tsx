/** What Prove found and what Predict counted, above the figure. */
import { useFrame } from './context.js';
import type { OpenPage } from './frame.js';

export function Stamps({ page }: { readonly page: OpenPage }) {
  const frame = useFrame();
  const { t, format } = frame.i18n;
  const proof = page.context.proof.value;
  const { answers, points } = page.context.score.tally.value;
  const shown = frame.mode.value;
  if (shown === 'prove' && proof !== null) {
    return (
      <p class={proof.passed ? 'stamp passed' : 'stamp failed'} role="status">
        <strong>{t(proof.passed ? 'proof.passed' : 'proof.failed')}</strong>{' '}
        {page.context.i18n.t(proof.key, proof.facts)}
      </p>
    );
  }
  if (shown === 'predict' && answers > 0) {
    return (
      <p class="stamp" role="status">
        {t('score.tally', { points: format.value.fact(points), answers: format.value.integer(answers) })}
      </p>
    );
  }
  return null;
}
