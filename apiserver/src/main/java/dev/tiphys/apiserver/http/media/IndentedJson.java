package dev.tiphys.apiserver.http.media;

import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.http.Exchange;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;

/// JSON for human eyes: a line for each field and element, indented by two blanks a level. What is
/// written must be JSON; white space in it is dropped.
///
/// Threads: one.
public final class IndentedJson extends FilterOutputStream {

  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean opened; // the last byte began an object or array, which may be empty

  public IndentedJson(OutputStream out) {
    super(out);
  }

  /// Whether a client wants this form: it says so, in the query or in the media type that it
  /// accepts, or is a browser, curl or Wget.
  public static boolean isWanted(Exchange exchange) {
    String accept = exchange.header("accept");
    if (accept != null && accept.contains("pretty") && isIndented(accept)) {
      return true;
    }
    String said = exchange.query().contains("pretty") ? said(exchange.query()) : "";
    if (!said.isEmpty()) {
      return TRUE.contains(said);
    }
    String agent = exchange.header("user-agent");
    return agent != null
        && (agent.startsWith("curl")
            || agent.startsWith("Wget")
            || agent.startsWith("Mozilla/5.0"));
  }

  private static boolean isIndented(String accept) {
    return MediaType.accepted(accept).stream()
        .filter(type -> type.covers(MediaType.JSON))
        .findFirst()
        .filter(type -> type.parameter("pretty", "").equals("1"))
        .isPresent();
  }

  private static String said(String query) {
    return new Parameters(query).text("pretty");
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      write(bytes[i]);
    }
  }

  @Override
  public void write(int single) throws IOException {
    if (inString) {
      writeInString(single);
      return;
    }
    switch (single) {
      case ' ', '\t', '\r', '\n' -> {}
      case '}', ']' -> {
        depth--;
        if (!opened) {
          newLine();
        }
        opened = false;
        out.write(single);
      }
      case ',' -> {
        out.write(',');
        newLine();
      }
      case ':' -> {
        out.write(':');
        out.write(' ');
      }
      default -> begin(single);
    }
  }

  private void writeInString(int single) throws IOException {
    out.write(single);
    if (escaped) {
      escaped = false;
    } else if (single == '\\') {
      escaped = true;
    } else if (single == '"') {
      inString = false;
    }
  }

  /// Writes a byte of a value, or one that begins it.
  private void begin(int single) throws IOException {
    if (opened) {
      newLine();
      opened = false;
    }
    out.write(single);
    inString = single == '"';
    if (single == '{' || single == '[') {
      depth++;
      opened = true;
    }
  }

  private void newLine() throws IOException {
    out.write('\n');
    for (int i = 0; i < depth; i++) {
      out.write(' ');
      out.write(' ');
    }
  }
}
