package dev.tiphys.descriptions;

import dev.tiphys.world.PackagedFile;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// Descriptions of the built-in types and their fields.
///
/// Threads: any; immutable.
public final class Descriptions {

  private static final String TYPE = "";

  private final Map<String, Map<String, String>> byClass = new HashMap<>();

  private Descriptions() {}

  /// Reads what the build has collected.
  public static Descriptions load() {
    Descriptions descriptions = new Descriptions();
    byte[] collected = new PackagedFile(Descriptions.class, "descriptions.gz").find();
    if (collected != null) {
      try {
        descriptions.read(collected);
      } catch (IOException e) {
        throw new UncheckedIOException("unreadable descriptions", e);
      }
    }
    return descriptions;
  }

  private void read(byte[] collected) throws IOException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(new ByteArrayInputStream(collected)), StandardCharsets.UTF_8));
    Map<String, String> current = new HashMap<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      int tab = line.indexOf('\t');
      String text = line.substring(tab + 1).replace("\\n", "\n").replace("\\\\", "\\");
      if (line.startsWith("=")) {
        current = new HashMap<>();
        current.put(TYPE, text);
        byClass.put(line.substring(1, tab), current);
      } else {
        current.put(line.substring(0, tab), text);
      }
    }
  }

  /// What a type is for; empty if nothing is said.
  ///
  /// @param type the full name: `io.k8s.api.core.v1.Pod`
  public String ofType(String type) {
    return of(type, TYPE);
  }

  /// What a field of a type is for; empty if nothing is said.
  public String ofField(String type, String field) {
    return of(type, field);
  }

  private String of(String type, String field) {
    String[] parts = type.split("\\.");
    if (parts.length < 3) {
      return "";
    }
    String name = parts[parts.length - 1];
    String version = capital(parts[parts.length - 2]);
    String group = capital(parts[parts.length - 3]);
    Map<String, String> own = byClass.get(group + version + name);
    Map<String, String> known = own == null ? byClass.get(version + name) : own;
    return known == null ? "" : known.getOrDefault(field, "");
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
