/** KaTeX and its styles as one chunk. */
import 'katex/dist/katex.min.css';
import katex from 'katex';

export { katex };
