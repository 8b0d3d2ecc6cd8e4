package dev.tiphys.template.sprig;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Names of several words, written in one of the ways that programs write them.
final class WordCases {

  private enum Sort {
    NONE,
    NUMBER,
    CAPITALS,
    SMALL,
    CONNECTOR,
    PUNCTUATION,
    OTHER
  }

  private record Word(Sort sort, String text) {
    static final Word NONE = new Word(Sort.NONE, "");

    boolean is(Sort other) {
      return sort == other;
    }

    /// Whether it stands by itself, so that no connector is put before it.
    boolean standsAlone() {
      return sort == Sort.NONE || sort == Sort.PUNCTUATION || sort == Sort.CONNECTOR;
    }
  }

  private final List<Word> words;
  private final char connector;
  private final StringBuilder out = new StringBuilder();
  private int next;

  private WordCases(List<Word> words, char connector) {
    this.words = words;
    this.connector = connector;
  }

  /// In small letters, with a character between words.
  static String join(String text, char connector) {
    return new WordCases(words(text), connector).join();
  }

  private Word take() {
    return next < words.size() ? words.get(next++) : Word.NONE;
  }

  private String join() {
    Word word = take();
    while (next < words.size()) {
      if (!word.is(Sort.CONNECTOR)) {
        write(word);
      }
      Word before = word;
      word = take();
      switch (before.sort()) {
        case NUMBER -> word = absorb(word);
        case CONNECTOR -> write(before);
        case PUNCTUATION, NONE -> {}
        case CAPITALS, SMALL, OTHER -> {
          if (word.is(Sort.NUMBER) && next < words.size()) {
            word = number(word);
          } else if (!word.is(Sort.NUMBER) && !word.standsAlone()) {
            out.append(connector);
          }
        }
      }
    }
    write(word);
    return out.toString();
  }

  /// Numbers and the small letters after them belong together.
  private Word absorb(Word first) {
    Word word = first;
    while (word.is(Sort.SMALL) || word.is(Sort.NUMBER)) {
      write(word);
      word = take();
    }
    if (!word.standsAlone()) {
      out.append(connector);
    }
    return word;
  }

  /// A number after a word: part of that word, unless small letters follow.
  private Word number(Word number) {
    Word following = take();
    if (following.is(Sort.SMALL)) {
      out.append(connector);
      write(number);
      return absorb(following);
    }
    write(number);
    if (!following.standsAlone()) {
      out.append(connector);
    }
    return following;
  }

  private void write(Word word) {
    switch (word.sort()) {
      case CONNECTOR ->
          out.append(
              String.valueOf(connector)
                  .repeat(word.text().codePointCount(0, word.text().length())));
      case CAPITALS -> out.append(word.text().toLowerCase(Locale.ROOT));
      default -> out.append(word.text());
    }
  }

  private static List<Word> words(String text) {
    List<Word> words = new ArrayList<>();
    int[] runes = text.codePoints().toArray();
    int at = 0;
    while (at < runes.length) {
      Sort sort = sort(runes[at]);
      int end = at + 1;
      if (sort == Sort.CAPITALS) {
        end = capitals(runes, at);
      } else {
        while (end < runes.length && sort(runes[end]) == sort) {
          end++;
        }
      }
      words.add(new Word(sort, new String(runes, at, end - at)));
      at = end;
    }
    return words;
  }

  /// One capital with small letters, or several capitals; the last of these begins the next word if
  /// small letters follow it.
  private static int capitals(int[] runes, int start) {
    int end = start + 1;
    if (end < runes.length && sort(runes[end]) == Sort.SMALL) {
      while (end < runes.length && sort(runes[end]) == Sort.SMALL) {
        end++;
      }
      return end;
    }
    while (end < runes.length && sort(runes[end]) == Sort.CAPITALS) {
      end++;
    }
    return end < runes.length && end > start + 1 && sort(runes[end]) == Sort.SMALL ? end - 1 : end;
  }

  private static boolean isConnector(int c) {
    return c == '-' || c == '_' || Texts.isSpace(c);
  }

  private static Sort sort(int c) {
    if (isConnector(c)) {
      return Sort.CONNECTOR;
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          Sort.PUNCTUATION;
      case Character.UPPERCASE_LETTER -> Sort.CAPITALS;
      case Character.LOWERCASE_LETTER -> Sort.SMALL;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          Sort.NUMBER;
      default -> Sort.OTHER;
    };
  }

  /// With a capital at the start of each word, all else in small.
  static String camel(String text) {
    int[] runes = text.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < runes.length && isConnector(runes[at])) {
      out.appendCodePoint(runes[at++]);
    }
    if (at == runes.length && at > 0) {
      return out.appendCodePoint(runes[at - 1]).toString(); // the last connector counts twice
    }
    boolean begins = true;
    for (; at < runes.length; at++) {
      boolean last = at == runes.length - 1;
      boolean connects = isConnector(runes[at]);
      if (connects && (last || isConnector(runes[at + 1]))) {
        out.appendCodePoint(runes[at]);
      } else if (!connects) {
        out.appendCodePoint(
            begins ? Character.toUpperCase(runes[at]) : Character.toLowerCase(runes[at]));
      }
      begins = connects;
    }
    return out.toString();
  }
}
