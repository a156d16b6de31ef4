"""Write fixtures/tokenizer/: a tokenizer.json that Hugging Face's own library made, and the ids it gives to some texts.

    python tools/tokenizer_fixture.py            write it
    python tools/tokenizer_fixture.py --check    fail when it differs

A byte-level BPE of 320 pieces, learned from the sample text of hw5, so that code points of two bytes (Persian) may be cut
between pieces. Needs tokenizers==0.21.4.
"""

import json
import sys
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / 'fixtures' / 'tokenizer'
SPECIAL = ['<pad>', '<unk>', '<s>', '</s>']
TEXTS = ['', 'a', 'the cat sat', 'گربه روی فرش', 'mixed گربه and cat\n', '  two  spaces', '🙂', '</s>']


def trained():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=SPECIAL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    text = (ROOT / 'packages' / 'cli' / 'data' / 'panbeh.txt').read_text('utf-8')
    tokenizer.train_from_iterator(text.splitlines(keepends=True), trainer)
    return tokenizer


def files():
    tokenizer = trained()
    pad, unknown, begin, end = SPECIAL
    encoded = [[text, tokenizer.encode(text, add_special_tokens=False).ids] for text in TEXTS]
    return {
        'tokenizer.json': json.loads(tokenizer.to_str()),
        'tokenizer_config.json': {'pad_token': pad, 'unk_token': unknown, 'bos_token': begin, 'eos_token': end},
        'encoded.json': encoded,
    }


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, content in files().items():
        path = FOLDER / name
        text = json.dumps(content, ensure_ascii=False, separators=(',', ':')) + '\n'
        if '--check' not in sys.argv:
            path.write_text(text, 'utf-8')
        elif path.read_text('utf-8') != text:
            sys.exit(f'{path}: must be what this script makes')


if __name__ == '__main__':
    main()
