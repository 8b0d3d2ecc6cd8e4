package dev.tiphys.schema.validation;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// What differs between two structs, as a unified diff of their indented JSON. It goes into
/// messages that say that something else was changed than may be.
public final class TreeDiff {

  private static final int CONTEXT = 3;

  /// A line of the diff: kept, removed or added.
  private record Line(char sign, String text) {}

  private TreeDiff() {}

  public static String of(Struct before, Struct after, String type) {
    return of(GoText.struct(before, type), GoText.struct(after, type));
  }

  public static String of(List<Struct> before, List<Struct> after, String type) {
    return of(GoText.structs(before, type), GoText.structs(after, type));
  }

  private static String of(String before, String after) {
    List<Line> lines = lines(indented(before), indented(after));
    StringBuilder out = new StringBuilder();
    int from = 0;
    while ((from = nextChange(lines, from)) < lines.size()) {
      int end = endOfHunk(lines, from);
      hunk(out, lines, Math.max(0, from - CONTEXT), end);
      from = end;
    }
    return out.toString();
  }

  private static int nextChange(List<Line> lines, int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).sign() == ' ') {
      at++;
    }
    return at;
  }

  /// Changes that are close together share their context.
  private static int endOfHunk(List<Line> lines, int from) {
    int last = from;
    for (int i = from; i < lines.size() && i - last <= 2 * CONTEXT; i++) {
      if (lines.get(i).sign() != ' ') {
        last = i;
      }
    }
    return Math.min(lines.size(), last + 1 + CONTEXT);
  }

  private static void hunk(StringBuilder out, List<Line> lines, int from, int end) {
    out.append("@@ -")
        .append(range(lines, from, end, '+'))
        .append(" +")
        .append(range(lines, from, end, '-'))
        .append(" @@\n");
    for (Line line : lines.subList(from, end)) {
      out.append(line.sign()).append(line.text()).append('\n');
    }
  }

  private static String range(List<Line> lines, int from, int end, char other) {
    long start = lines.subList(0, from).stream().filter(line -> line.sign() != other).count() + 1;
    long count = lines.subList(from, end).stream().filter(line -> line.sign() != other).count();
    return count == 1 ? Long.toString(start) : (count == 0 ? start - 1 : start) + "," + count;
  }

  /// The shortest way from one text to the other, by its longest common subsequence.
  private static List<Line> lines(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<Line> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        lines.add(new Line(' ', before.get(i++)));
        j++;
      } else if (i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new Line('-', before.get(i++)));
      } else {
        lines.add(new Line('+', after.get(j++)));
      }
    }
    return lines;
  }

  /// JSON with a line for each value.
  private static List<String> indented(String json) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      boolean closes = !quoted && (c == '}' || c == ']');
      if (closes && line.toString().isBlank()) {
        line.setLength(0);
      } else if (closes && "{[".indexOf(json.charAt(i - 1)) < 0) {
        lines.add(line.toString());
        line.setLength(0);
      }
      if (closes) {
        depth--;
        line.append(line.isEmpty() ? " ".repeat(depth) : "");
      }
      line.append(c);
      if (c == '"' && json.charAt(i - 1) != '\\') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        line.append(json.charAt(++i));
      } else if (!quoted && c == ':') {
        line.append(' ');
      } else if (!quoted && opensLine(json, i)) {
        depth += c == ',' ? 0 : 1;
        lines.add(line.toString());
        line.setLength(0);
        line.append(" ".repeat(depth));
      } else if (!quoted && (c == '{' || c == '[')) {
        depth++;
      }
    }
    lines.add(line.toString());
    return lines;
  }

  private static boolean opensLine(String json, int at) {
    char c = json.charAt(at);
    if (c == ',') {
      return true;
    }
    boolean opens = c == '{' || c == '[';
    return opens && at + 1 < json.length() && "}]".indexOf(json.charAt(at + 1)) < 0;
  }
}
