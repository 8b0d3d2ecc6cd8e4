package dev.tiphys.secrets.provider.aws.signing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a signature vouches for.
///
/// @param path as it is sent, with `%` and two digits for bytes that are no plain characters, or
///   with those bytes themselves
/// @param query as it is sent, without `?`; may be empty
/// @param headers those that are signed; a name may occur more than once
/// @param body the content
public record SignedRequest(
    String method,
    String path,
    String query,
    List<Map.Entry<String, String>> headers,
    String body) {

  private static final String PLAIN = "-._~";

  public SignedRequest {
    headers = List.copyOf(headers);
  }

  /// The names of the headers in lower case, in order, with `;` between them.
  String names() {
    return String.join(";", canonicalHeaders().keySet());
  }

  /// The one text that this request and all that mean the same have.
  String canonical() {
    StringBuilder text = new StringBuilder();
    text.append(method).append('\n');
    text.append(encoded(normalized(path), "/")).append('\n');
    text.append(canonicalQuery()).append('\n');
    canonicalHeaders()
        .forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    return text.append('\n')
        .append(names())
        .append('\n')
        .append(Hashes.hexOfSha256(body))
        .toString();
  }

  private Map<String, String> canonicalHeaders() {
    Map<String, String> all = new TreeMap<>();
    for (Map.Entry<String, String> header : headers) {
      all.merge(
          header.getKey().toLowerCase(Locale.ROOT),
          header.getValue().strip().replaceAll(" +", " "),
          (first, next) -> first + "," + next);
    }
    return all;
  }

  private String canonicalQuery() {
    if (query.isEmpty()) {
      return "";
    }
    List<String> parameters = new ArrayList<>();
    for (String parameter : query.split("&", -1)) {
      int at = parameter.indexOf('=');
      String name = at < 0 ? parameter : parameter.substring(0, at);
      String value = at < 0 ? "" : parameter.substring(at + 1);
      parameters.add(encoded(name, "") + "=" + encoded(value, ""));
    }
    parameters.sort(null);
    return String.join("&", parameters);
  }

  /// The path without segments that are empty or lead nowhere or back.
  private static String normalized(String path) {
    Deque<String> kept = new ArrayDeque<>();
    String last = "";
    for (String segment : path.split("/", -1)) {
      last = segment;
      switch (segment) {
        case "", "." -> {}
        case ".." -> kept.pollLast();
        default -> kept.addLast(segment);
      }
    }
    boolean open = last.isEmpty() || last.equals(".") || last.equals("..");
    return "/" + String.join("/", kept) + (open && !kept.isEmpty() ? "/" : "");
  }

  private static String encoded(String text, String kept) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte each : decoded(text)) {
      char character = (char) (each & 0xff);
      boolean plain =
          character < 0x80
              && (Character.isLetterOrDigit(character) || (PLAIN + kept).indexOf(character) >= 0);
      if (plain) {
        encoded.append(character);
      } else {
        encoded.append("%%%02X".formatted((int) character));
      }
    }
    return encoded.toString();
  }

  private static byte[] decoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        decoded.write(high << 4 | low);
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return decoded.toByteArray();
  }
}
