/** Pictures of pages as small files, and how far two of them are apart; a browser does the work, so nothing else is needed. */
import type { Browser, Page } from 'playwright-core';

/** A cell of the coarse picture that is compared, px of the page. */
const CELL = 32;

export interface Distance {
  /** Mean |difference| of luminance between cells, each in [0, 1]. */
  readonly luminance: number;
  /** Height of the picture, as a share of the other's. */
  readonly height: number;
}

export class Pictures {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(browser: Browser): Promise<Pictures> {
    const page = await (await browser.newContext()).newPage();
    await page.goto('about:blank');
    return new Pictures(page);
  }

  /** A PNG as WebP, `width` px wide. */
  async webp(png: Buffer, width: number, quality: number): Promise<Buffer> {
    const base64 = await this.#page.evaluate(
      async ([source, resizeWidth, ratio]) => {
        const bytes = await (await fetch(`data:image/png;base64,${source}`)).blob();
        const whole = await createImageBitmap(bytes);
        const height = Math.round((whole.height * resizeWidth) / whole.width);
        const canvas = new OffscreenCanvas(resizeWidth, height);
        const context = canvas.getContext('2d');
        if (context === null) throw new Error('pictures: the browser must draw, got no canvas');
        context.imageSmoothingQuality = 'high';
        context.drawImage(whole, 0, 0, resizeWidth, height);
        const blob = await canvas.convertToBlob({ type: 'image/webp', quality: ratio });
        const url = await new Promise<string>((resolve) => {
          const reader = new FileReader();
          reader.onload = () => resolve(reader.result as string);
          reader.readAsDataURL(blob);
        });
        return url.slice(url.indexOf(',') + 1);
      },
      [png.toString('base64'), width, quality] as const,
    );
    return Buffer.from(base64, 'base64');
  }

  /** How far a picture is from its reference, on a grid that letters are too small for. */
  async distance(png: Buffer, webp: Buffer, width: number): Promise<Distance> {
    return this.#page.evaluate(
      async ([now, then, columns]) => {
        const bitmap = async (type: string, base64: string): Promise<ImageBitmap> =>
          createImageBitmap(await (await fetch(`data:image/${type};base64,${base64}`)).blob());
        const [a, b] = await Promise.all([bitmap('png', now), bitmap('webp', then)]);
        const rows = Math.round((columns * b.height) / b.width);
        /** Luminance of each cell, as the browser's own averaging of its pixels gives it. */
        const cells = (picture: ImageBitmap): number[] => {
          let { width: w, height: h } = picture;
          let source: ImageBitmap | OffscreenCanvas = picture;
          // Halved again and again: one large step would leave most pixels out.
          while (w > columns || h > rows) {
            w = Math.max(columns, Math.ceil(w / 2));
            h = Math.max(rows, Math.ceil(h / 2));
            const canvas = new OffscreenCanvas(w, h);
            const context = canvas.getContext('2d');
            if (context === null) throw new Error('pictures: the browser must draw, got no canvas');
            context.imageSmoothingQuality = 'high';
            context.drawImage(source, 0, 0, w, h);
            source = canvas;
          }
          const last = new OffscreenCanvas(columns, rows);
          const context = last.getContext('2d');
          if (context === null) throw new Error('pictures: the browser must draw, got no canvas');
          context.drawImage(source, 0, 0, columns, rows);
          const { data } = context.getImageData(0, 0, columns, rows);
          return Array.from(
            { length: columns * rows },
            (_, i) => (0.2126 * data[4 * i]! + 0.7152 * data[4 * i + 1]! + 0.0722 * data[4 * i + 2]!) / 255,
          );
        };
        const [left, right] = [cells(a), cells(b)];
        const total = left.reduce((sum, value, i) => sum + Math.abs(value - right[i]!), 0);
        return { luminance: total / left.length, height: a.height / a.width / (b.height / b.width) };
      },
      [png.toString('base64'), webp.toString('base64'), Math.round(width / CELL)] as const,
    );
  }
}
