package dev.tiphys.apiserver.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rewrites the links of an HTML document while it passes.
///
/// Only tags that can have links are looked into; everything else passes as it is, comments and the
/// text of scripts included.
///
/// Threads: one.
final class HtmlLinks {

  /// Which attributes of which elements are links.
  private static final Map<String, Set<String>> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("a", Set.of("href")),
          Map.entry("applet", Set.of("codebase")),
          Map.entry("area", Set.of("href")),
          Map.entry("audio", Set.of("src")),
          Map.entry("base", Set.of("href")),
          Map.entry("blockquote", Set.of("cite")),
          Map.entry("body", Set.of("background")),
          Map.entry("button", Set.of("formaction")),
          Map.entry("command", Set.of("icon")),
          Map.entry("del", Set.of("cite")),
          Map.entry("embed", Set.of("src")),
          Map.entry("form", Set.of("action")),
          Map.entry("frame", Set.of("longdesc", "src")),
          Map.entry("head", Set.of("profile")),
          Map.entry("html", Set.of("manifest")),
          Map.entry("iframe", Set.of("longdesc", "src")),
          Map.entry("img", Set.of("longdesc", "src", "usemap")),
          Map.entry("input", Set.of("src", "usemap", "formaction")),
          Map.entry("ins", Set.of("cite")),
          Map.entry("link", Set.of("href")),
          Map.entry("object", Set.of("classid", "codebase", "data", "usemap")),
          Map.entry("q", Set.of("cite")),
          Map.entry("script", Set.of("src")),
          Map.entry("source", Set.of("src")),
          Map.entry("video", Set.of("poster", "src")));

  /// Elements whose content is text, whatever it looks like.
  private static final Set<String> TEXTUAL =
      Set.of("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes");

  private static final Pattern ATTRIBUTE =
      Pattern.compile("([^\\s=/>\"']+)(\\s*=\\s*)(\"[^\"]*\"|'[^']*'|[^\\s>]+)");

  private static final Pattern NAME = Pattern.compile("<([a-zA-Z][^\\s/>]*)");

  /// A longer tag is passed on as it is.
  private static final int LONGEST_TAG = 64 << 10;

  private final InputStream in;
  private final OutputStream out;
  private final Links links;

  HtmlLinks(InputStream in, OutputStream out, Links links) {
    this.in = new BufferedInputStream(in);
    this.out = out;
    this.links = links;
  }

  /// Passes the whole document on. Nothing is held back but the tag that is being read.
  void pass() throws IOException {
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '<') {
        tag();
      } else {
        out.write(c);
      }
      if (in.available() == 0) {
        out.flush();
      }
    }
    out.flush();
  }

  private void tag() throws IOException {
    ByteArrayOutputStream tag = new ByteArrayOutputStream();
    tag.write('<');
    int quote = 0;
    boolean value = false; // a quote begins a value only after an equals sign
    while (tag.size() < LONGEST_TAG) {
      int c = in.read();
      if (c < 0) {
        tag.writeTo(out);
        return;
      }
      tag.write(c);
      if (tag.size() == 2 && !isLetter(c)) {
        tag.writeTo(out);
        if (c == '!') {
          comment();
        }
        return;
      }
      if (quote == 0 && c == '>') {
        break;
      }
      if (quote == 0 && value && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      value = c == '=' || value && c <= ' ';
    }
    String text = tag.toString(StandardCharsets.ISO_8859_1);
    String name = name(text);
    out.write(rewritten(name, text).getBytes(StandardCharsets.ISO_8859_1));
    if (TEXTUAL.contains(name) && !text.endsWith("/>")) {
      passUntil("</" + name);
    }
  }

  private static boolean isLetter(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static String name(String tag) {
    Matcher matcher = NAME.matcher(tag);
    return matcher.lookingAt() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
  }

  private void comment() throws IOException {
    int first = in.read();
    int second = first == '-' ? in.read() : -1;
    for (int c : new int[] {first, second}) {
      if (c >= 0) {
        out.write(c);
      }
    }
    if (first == '-' && second == '-') {
      passUntil("-->");
    }
  }

  /// Passes everything on up to and including `end`, in any case.
  private void passUntil(String end) throws IOException {
    int matched = 0;
    while (matched < end.length()) {
      int c = in.read();
      if (c < 0) {
        return;
      }
      out.write(c);
      int lower = Character.toLowerCase(c);
      if (lower == end.charAt(matched)) {
        matched++;
      } else if (!(lower == '-' && matched == 2 && end.equals("-->"))) {
        matched = lower == end.charAt(0) ? 1 : 0;
      }
    }
  }

  private String rewritten(String name, String tag) {
    Set<String> wanted = ATTRIBUTES.getOrDefault(name, Set.of());
    if (wanted.isEmpty()) {
      return tag;
    }
    return ATTRIBUTE
        .matcher(tag)
        .replaceAll(
            attribute -> {
              boolean link = wanted.contains(attribute.group(1).toLowerCase(Locale.ROOT));
              String whole = attribute.group();
              if (!link) {
                return Matcher.quoteReplacement(whole);
              }
              String value = attribute.group(3);
              boolean quoted = value.charAt(0) == '"' || value.charAt(0) == '\'';
              String bare = quoted ? value.substring(1, value.length() - 1) : value;
              String changed = links.rewritten(bare);
              return Matcher.quoteReplacement(
                  changed.equals(bare)
                      ? whole
                      : attribute.group(1)
                          + attribute.group(2)
                          + (quoted ? value.charAt(0) + changed + value.charAt(0) : changed));
            });
  }
}
