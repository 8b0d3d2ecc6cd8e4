package dev.tiphys.schema.validation.access;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Blocks of bytes within text, as certificates are sent (RFC 7468). What is not part of a block is
/// passed over.
public final class Pem {

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  private Pem() {}

  /// @param headers whether there are lines that tell something about the block
  /// @param body the bytes in base 64
  public record Block(String type, boolean headers, String body) {
    public byte[] bytes() {
      return Base64.getDecoder().decode(body);
    }
  }

  /// The blocks in the text of a field that holds bytes in base 64.
  public static List<Block> blocks(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    return in(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /// The blocks in a text.
  static List<Block> in(String text) {
    List<String> lines = text.lines().toList();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String type = between(lines.get(i), BEGIN);
      int length = lines.subList(i, lines.size()).indexOf(END + type + DASHES);
      if (!type.isEmpty() && length > 0) {
        block(type, lines.subList(i + 1, i + length), blocks);
        i += length;
      }
    }
    return blocks;
  }

  private static String between(String line, String start) {
    boolean matches = line.startsWith(start) && line.stripTrailing().endsWith(DASHES);
    return matches
        ? line.stripTrailing().substring(start.length(), line.stripTrailing().length() - 5)
        : "";
  }

  private static void block(String type, List<String> lines, List<Block> blocks) {
    int first = 0;
    while (first < lines.size() && lines.get(first).indexOf(':') >= 0) {
      first++;
    }
    String body = String.join("", lines.subList(first, lines.size())).strip();
    if (isBase64(body)) {
      blocks.add(new Block(type, first > 0, body));
    }
  }

  private static boolean isBase64(String text) {
    try {
      Base64.getDecoder().decode(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
