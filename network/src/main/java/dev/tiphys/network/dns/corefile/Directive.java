package dev.tiphys.network.dns.corefile;

import java.util.ArrayList;
import java.util.List;

/// A line of a Corefile, with the block that it opens.
///
/// @param line where it is, from 1
record Directive(int line, List<String> words, List<Directive> block) {

  String name() {
    return words.getFirst();
  }

  List<String> arguments() {
    return words.subList(1, words.size());
  }

  /// Reads a whole text.
  static List<Directive> read(String text) throws CorefileException {
    return new Reader(text.lines().toList()).block(false);
  }

  private static final class Reader {
    private final List<String> lines;
    private int next;

    Reader(List<String> lines) {
      this.lines = lines;
    }

    private List<Directive> block(boolean inner) throws CorefileException {
      List<Directive> directives = new ArrayList<>();
      List<String> before = new ArrayList<>();
      while (next < lines.size()) {
        int line = next + 1;
        List<String> words = words(lines.get(next++), line);
        if (words.isEmpty()) {
          continue;
        }
        words.addAll(0, before);
        before = new ArrayList<>();
        if (words.equals(List.of("}"))) {
          if (inner) {
            return directives;
          }
          throw new CorefileException(line, "a '}' without its '{'");
        }
        if (words.getLast().endsWith(",")) {
          before = words; // names of a server block go on in the next line
          continue;
        }
        boolean opens = words.getLast().equals("{");
        List<String> own = opens ? words.subList(0, words.size() - 1) : words;
        if (own.isEmpty() || own.contains("{") || own.contains("}")) {
          throw new CorefileException(line, "a brace where none can be");
        }
        directives.add(new Directive(line, List.copyOf(own), opens ? block(true) : List.of()));
      }
      if (inner) {
        throw new CorefileException(lines.size(), "a '{' without its '}'");
      }
      return directives;
    }

    private static List<String> words(String line, int number) throws CorefileException {
      List<String> words = new ArrayList<>();
      int at = 0;
      while (at < line.length()) {
        char c = line.charAt(at);
        if (Character.isWhitespace(c)) {
          at++;
        } else if (c == '#') {
          break;
        } else if (c == '"') {
          int end = line.indexOf('"', at + 1);
          if (end < 0) {
            throw new CorefileException(number, "a quotation mark without its other one");
          }
          words.add(line.substring(at + 1, end));
          at = end + 1;
        } else {
          int end = at;
          while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
          }
          words.add(line.substring(at, end));
          at = end;
        }
      }
      return words;
    }
  }
}
