package dev.tiphys.node.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What files a tar archive has, and where in it they are.
///
/// Reads headers only, so an archive of gigabytes takes milliseconds. Knows the forms that programs
/// write: `ustar`, `pax`, GNU's long names and large sizes.
final class TarIndex {

  /// A file or link in the archive.
  ///
  /// @param offset where its content begins
  /// @param link what it points to; null if it is a file
  record Entry(String name, long offset, long size, @Nullable String link) {}

  /// Long names and the like are headers in files of their own, and short.
  private static final int LARGEST_EXTENSION = 1 << 20;

  private final FileChannel file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private String longName = "";
  private String longLink = "";
  private long longSize = -1;

  private TarIndex(FileChannel file) {
    this.file = file;
  }

  /// @throws IOException if it cannot be read, or is no tar archive
  static Map<String, Entry> of(FileChannel file) throws IOException {
    TarIndex index = new TarIndex(file);
    index.read();
    return index.entries;
  }

  private void read() throws IOException {
    long position = 0;
    while (position + Tar.BLOCK <= file.size()) {
      byte[] header = bytes(position, Tar.BLOCK);
      if (header[0] == 0) {
        return; // an empty block is the end
      }
      if (Tar.checksum(header) != number(header, 148, 8)) {
        throw new IOException("not a tar archive, or a damaged one");
      }
      long content = position + Tar.BLOCK;
      long size = longSize >= 0 ? longSize : number(header, 124, 12);
      visit(header, content, size);
      position = content + size + Tar.padding(size);
    }
    if (entries.isEmpty()) {
      throw new IOException("not a tar archive");
    }
  }

  private void visit(byte[] header, long content, long size) throws IOException {
    switch (header[156]) {
      case 'x' -> readPax(bytes(content, extension(size)));
      case 'g' -> {} // says things of all files that we do not ask for
      case 'L' -> longName = text(bytes(content, extension(size)), 0, (int) size);
      case 'K' -> longLink = text(bytes(content, extension(size)), 0, (int) size);
      case '1', '2' -> add(header, content, 0, either(longLink, text(header, 157, 100)));
      case '0', 0 -> add(header, content, size, null);
      default -> forget(); // directories and devices
    }
  }

  private void add(byte[] header, long content, long size, @Nullable String link) {
    String prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, 155) : "";
    String name = text(header, 0, 100);
    String full = either(longName, prefix.isEmpty() ? name : prefix + "/" + name);
    String clean = full.startsWith("./") ? full.substring(2) : full;
    entries.put(clean, new Entry(clean, content, size, link));
    forget();
  }

  private void forget() {
    longName = "";
    longLink = "";
    longSize = -1;
  }

  /// Lines like `27 path=some/very/long/name`, each with its own length in front.
  private void readPax(byte[] records) throws IOException {
    int start = 0;
    while (start < records.length) {
      int space = start;
      while (records[space] != ' ') {
        space++;
      }
      int length =
          Integer.parseInt(new String(records, start, space - start, StandardCharsets.UTF_8));
      String line =
          new String(records, space + 1, start + length - space - 2, StandardCharsets.UTF_8);
      int equals = line.indexOf('=');
      String value = line.substring(equals + 1);
      switch (line.substring(0, equals)) {
        case "path" -> longName = value;
        case "linkpath" -> longLink = value;
        case "size" -> longSize = Long.parseLong(value);
        default -> {} // times, owners
      }
      start += length;
    }
  }

  private static int extension(long size) throws IOException {
    if (size > LARGEST_EXTENSION) {
      throw new IOException("a damaged tar archive: a header of " + size + " bytes");
    }
    return (int) size;
  }

  private byte[] bytes(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("the tar archive ends too early");
      }
    }
    return buffer.array();
  }

  private static String either(String first, String second) {
    return first.isEmpty() ? second : first;
  }

  /// Text up to a zero byte.
  private static String text(byte[] bytes, int offset, int length) {
    int end = offset;
    while (end < offset + length && end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
  }

  /// An octal number in text, or a large one in binary with the first bit set.
  private static long number(byte[] header, int offset, int length) throws IOException {
    if ((header[offset] & 0x80) != 0) {
      return ByteBuffer.wrap(header, offset + length - Long.BYTES, Long.BYTES).getLong();
    }
    String digits = text(header, offset, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("not a tar archive, or a damaged one", e);
    }
  }
}
