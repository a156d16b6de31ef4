/** The choices inside a socket; those without a meaning there are not offered. */
import { Field } from '../../frame/field.js';
import type { ArchitectureModel } from './model.js';

export function Controls({ model }: { readonly model: ArchitectureModel }) {
  const { i18n, settings } = model.context;
  const shape = settings.get('shape');
  const both = settings.get('bidirectional');
  const reads = shape === 'many-to-one' || shape === 'encoder-decoder';
  return (
    <section class="card architecture-controls" aria-labelledby="architecture-controls">
      <h2 id="architecture-controls">{i18n.t('controls.title')}</h2>
      <Field name="task" />
      <Field name="shape" />
      {shape !== 'one-to-many' && <Field name="bidirectional" />}
      {reads && <Field name="readout" />}
      {shape === 'aligned' && <Field name="loss" />}
      {shape === 'aligned' && !both && <Field name="wait" />}
      {shape !== 'one-to-many' && <Field name="inputs" />}
      {(shape === 'one-to-many' || shape === 'encoder-decoder') && <Field name="outputs" />}
    </section>
  );
}
