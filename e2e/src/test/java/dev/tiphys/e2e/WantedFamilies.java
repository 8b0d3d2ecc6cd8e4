package dev.tiphys.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What dashboards and alert rules ask for.
final class WantedFamilies {

  private static final Pattern LABEL =
      Pattern.compile("([a-z_A-Z0-9]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /// @param page the job, and the path that it is scraped at
  /// @param labels a value that each must have; empty for any
  /// @param mark a minus if it is known not to be told; a question mark if it may be
  record Wanted(String page, String family, Map<String, String> labels, char mark) {

    /// Whether a page has a sample of it.
    boolean isIn(String text) {
      return text.lines().anyMatch(this::matches);
    }

    private boolean matches(String line) {
      if (!line.startsWith(family + "{") && !line.startsWith(family + " ")) {
        return false;
      }
      Map<String, String> found = new TreeMap<>();
      Matcher matcher = LABEL.matcher(line);
      while (matcher.find()) {
        found.put(matcher.group(1), matcher.group(2));
      }
      return labels.entrySet().stream()
          .allMatch(
              each -> {
                String value = found.getOrDefault(each.getKey(), "");
                return !value.isEmpty()
                    && (each.getValue().isEmpty() || each.getValue().equals(value));
              });
    }

    @Override
    public String toString() {
      return page + ": " + family + " " + labels;
    }
  }

  private WantedFamilies() {}

  static List<Wanted> read() throws IOException {
    List<Wanted> all = new ArrayList<>();
    try (InputStream in = WantedFamilies.class.getResourceAsStream("wanted-families.txt")) {
      String page = "";
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.startsWith("#")) {
          continue;
        }
        if (!line.startsWith(" ")) {
          page = line;
          continue;
        }
        String[] words = line.strip().replaceFirst("^[-?] ", "").split(" ");
        Map<String, String> labels = new TreeMap<>();
        for (int i = 1; i < words.length; i++) {
          String[] sides = words[i].split("=", 2);
          labels.put(sides[0], sides.length == 2 ? sides[1] : "");
        }
        all.add(new Wanted(page, words[0], labels, line.strip().charAt(0)));
      }
    }
    return all;
  }
}
