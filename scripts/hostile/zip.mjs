/** Zip archives with every field in the caller's hand, for files that lie about themselves. */
import * as zlib from 'node:zlib';

/** @param entries - name, stored bytes and what the headers claim: method, sizes, flags */
export function zip(entries, { count = entries.length, comment = '' } = {}) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const {
    name,
    bytes,
    method = 0,
    size = bytes.length,
    packed = bytes.length,
    flags = 0,
    at,
  } of entries) {
    const label = Buffer.from(name);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(flags, 6);
    head.writeUInt16LE(method, 8);
    head.writeUInt32LE(checksum(bytes), 14);
    head.writeUInt32LE(packed, 18);
    head.writeUInt32LE(size, 22);
    head.writeUInt16LE(label.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    head.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(at ?? offset, 42);
    directory.push(entry, label);
    parts.push(head, label, bytes);
    offset += 30 + label.length + bytes.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, central, end, Buffer.from(comment)]);
}

/** Node 20 has no crc32 in zlib before 20.15; readers here do not check it. */
function checksum(bytes) {
  return zlib.crc32?.(bytes) ?? 0;
}
