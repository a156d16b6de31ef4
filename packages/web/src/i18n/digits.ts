/** Persian and Arabic digits: people type whichever their keyboard gives, the programs count in Latin ones. */

const PERSIAN_ZERO = 0x06f0;
const ARABIC_ZERO = 0x0660;

/** Latin digits, point and minus for what was typed in Persian, Arabic or Latin; thousands separators are dropped. */
export function latinNumber(typed: string): string {
  let latin = '';
  for (const character of typed.trim()) {
    const code = character.codePointAt(0) as number;
    if (code >= PERSIAN_ZERO && code < PERSIAN_ZERO + 10) latin += String(code - PERSIAN_ZERO);
    else if (code >= ARABIC_ZERO && code < ARABIC_ZERO + 10) latin += String(code - ARABIC_ZERO);
    else if (character === '٫') latin += '.';
    else if (character === '−') latin += '-';
    else if (character !== '٬' && character !== '\u200e' && character !== '\u200f') latin += character;
  }
  return latin;
}

/** Persian digits for every Latin digit in `text`, its point left as it is. */
export function persianDigits(text: string): string {
  return text.replace(/[0-9]/g, (digit) => String.fromCodePoint(PERSIAN_ZERO + Number(digit)));
}
