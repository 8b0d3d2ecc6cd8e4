package dev.tiphys.node.images;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Archives of images, made for tests.
final class Archives {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Archives file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  Archives file(String name, byte[] content) {
    return entry(Tar.of(name, 0644, content));
  }

  /// A link to another entry; `type` as tar numbers them.
  Archives link(String name, String target, char type) {
    byte[] entry = Tar.of(name, 0644, new byte[0]);
    entry[156] = (byte) type;
    put(entry, 157, target);
    return entry(signed(entry));
  }

  /// A file under a name that stands in a header of its own, as GNU tar does it.
  Archives longNamed(String name, String content) {
    byte[] header = Tar.of("././@LongLink", 0, (name + "\0").getBytes(StandardCharsets.UTF_8));
    header[156] = 'L';
    return entry(signed(header)).file("cut", content);
  }

  /// A file under a name that stands in a pax header.
  Archives paxNamed(String name, String content) {
    String record = " path=" + name + "\n";
    int length = record.length() + 2;
    length = (length + "").length() == 2 ? length : length + 1;
    byte[] header = Tar.of("pax", 0, (length + record).getBytes(StandardCharsets.UTF_8));
    header[156] = 'x';
    return entry(signed(header)).file("cut", content);
  }

  byte[] bytes() {
    byte[] all = Arrays.copyOf(out.toByteArray(), out.size() + 2 * Tar.BLOCK);
    return all;
  }

  private Archives entry(byte[] archive) {
    out.write(archive, 0, archive.length - 2 * Tar.BLOCK);
    return this;
  }

  private static byte[] signed(byte[] entry) {
    put(entry, 148, "%06o\0 ".formatted(Tar.checksum(entry)));
    return entry;
  }

  private static void put(byte[] entry, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, entry, offset, bytes.length);
  }
}
