package dev.tiphys.http.client;

import dev.tiphys.http.Header;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The head of a server's answer (RFC 9112, section 4).
///
/// @param status the status code
/// @param statusLine the line that it stands in
/// @param headers the header fields
public record ResponseHead(int status, String statusLine, List<Header> headers) {

  private static final int LONGEST = 1 << 20;

  public ResponseHead {
    headers = List.copyOf(headers);
  }

  /// Reads a head, and nothing of what follows.
  ///
  /// @throws EOFException if the server closes the connection instead
  static ResponseHead read(InputStream in) throws IOException {
    String statusLine = line(in, LONGEST);
    List<Header> headers = new ArrayList<>();
    int left = LONGEST;
    for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
      left -= line.length();
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.add(header(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
    }
    return new ResponseHead(status(statusLine), statusLine, headers);
  }

  private static int status(String line) throws IOException {
    String[] words = line.split(" ", 3);
    try {
      int status = Integer.parseInt(words[1]);
      if (words[0].startsWith("HTTP/1.") && status >= 100 && status <= 999) {
        return status;
      }
    } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
      // told below
    }
    throw new IOException("malformed HTTP response \"" + line + '"');
  }

  private static Header header(String name, String value) throws IOException {
    try {
      return new Header(name, value);
    } catch (IllegalArgumentException e) {
      throw new IOException("malformed MIME header line: " + name + ": " + value, e);
    }
  }

  /// The next line, without its end.
  static String line(InputStream in, int longest) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() < longest) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("EOF");
      }
      if (next == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).strip();
      }
      line.write(next);
    }
    throw new IOException("the server's answer is too long");
  }

  /// The first value of a header field, or null.
  public @Nullable String header(String name) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    return null;
  }
}
