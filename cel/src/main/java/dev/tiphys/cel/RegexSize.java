package dev.tiphys.cel;

import java.util.ArrayDeque;
import java.util.Deque;

/// Tells how large a regular expression becomes once what it repeats is written out, so that no
/// short text can become a program without end. Its bounds are those of Go's library.
///
/// Threads: one; made for one expression.
final class RegexSize {

  private static final int DEEPEST = 1000;
  private static final long MOST_REPEATED = 1000;
  private static final long LARGEST = 1 << 20;

  private final String text;
  private final Deque<Group> around = new ArrayDeque<>();
  private Group group = new Group();
  private int at;

  /// A group, or the whole expression.
  private static final class Group {
    private long size;

    /// How often something within is repeated at the most, by way of all repetitions around it.
    private long repeated = 1;

    private long lastSize;
    private long lastRepeated = 1;

    void add(long itemSize, long itemRepeated) {
      size += itemSize;
      repeated = Math.max(repeated, itemRepeated);
      lastSize = itemSize;
      lastRepeated = itemRepeated;
    }
  }

  RegexSize(String text) {
    this.text = text;
  }

  /// @throws IllegalArgumentException if it is too large
  void check() {
    while (at < text.length()) {
      char c = text.charAt(at);
      switch (c) {
        case '\\' -> escape();
        case '[' -> classOfCharacters();
        case '(' -> open();
        case ')' -> close();
        case '{' -> repetition();
        case '*', '+', '?', '|' -> at++;
        default -> {
          group.add(1, 1);
          at++;
        }
      }
      if (group.size > LARGEST) {
        throw failed("expression too large");
      }
    }
  }

  private static IllegalArgumentException failed(String problem) {
    return new IllegalArgumentException("error parsing regexp: " + problem);
  }

  private void escape() {
    if (text.startsWith("\\Q", at)) {
      int end = text.indexOf("\\E", at);
      int stop = end < 0 ? text.length() : end;
      group.add(stop - at, 1);
      at = end < 0 ? stop : stop + 2;
    } else {
      group.add(1, 1);
      at += 2;
    }
  }

  private void classOfCharacters() {
    int end = at + 1;
    if (end < text.length() && text.charAt(end) == '^') {
      end++;
    }
    if (end < text.length() && text.charAt(end) == ']') {
      end++;
    }
    while (end < text.length() && text.charAt(end) != ']') {
      boolean named = text.startsWith("[:", end) && text.indexOf(":]", end) > 0;
      end = named ? text.indexOf(":]", end) + 2 : end + (text.charAt(end) == '\\' ? 2 : 1);
    }
    group.add(1, 1);
    at = end + 1;
  }

  private void open() {
    if (around.size() >= DEEPEST) {
      throw failed("expression nests too deeply: `" + text + "`");
    }
    around.push(group);
    group = new Group();
    at++;
    if (text.startsWith("?", at)) {
      at++; // flags and names are no items of their own, and are told apart by the compiler
    }
  }

  private void close() {
    at++;
    if (around.isEmpty()) {
      throw failed("unexpected ): `" + text + "`");
    }
    Group inner = group;
    group = around.pop();
    group.add(inner.size + 2, inner.repeated);
  }

  /// `{3}`, `{3,}` or `{3,5}`; braces around anything else stand for themselves.
  private void repetition() {
    int end = text.indexOf('}', at);
    String range = end < 0 ? "" : text.substring(at + 1, end);
    if (!range.matches("[0-9]{1,4}(,([0-9]{1,4})?)?")) {
      group.add(1, 1);
      at++;
      return;
    }
    long most = 0;
    for (String bound : range.split(",")) {
      most = Math.max(most, Long.parseLong(bound));
    }
    long times = Math.max(1, most);
    if (group.lastRepeated * times > MOST_REPEATED) {
      throw failed("invalid repeat count: `{" + range + "}`");
    }
    long size = group.lastSize;
    group.size += size * (times - 1);
    group.lastSize = size * times;
    group.lastRepeated *= times;
    group.repeated = Math.max(group.repeated, group.lastRepeated);
    at = end + 1;
  }
}
