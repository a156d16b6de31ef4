/** Where a pointer is in a drawing's own units, however the drawing is scaled and placed in its element. */
export function pointIn(svg: SVGSVGElement, event: PointerEvent): { readonly x: number; readonly y: number } {
  const toScreen = svg.getScreenCTM();
  if (toScreen === null) throw new Error('internal: a drawing under the pointer must be on the screen');
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(toScreen.inverse());
}
