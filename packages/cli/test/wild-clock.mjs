/** Preloaded by a test: the clock of the day jumps an hour on or a day back each time somebody looks at it. */
let shift = 0;
let looks = 0;
const { now } = Date;
Date.now = () => {
  shift += looks++ % 2 ? -86_400_000 : 3_600_000;
  return now() + shift;
};
