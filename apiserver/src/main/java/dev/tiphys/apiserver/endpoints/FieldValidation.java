package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is done about fields that a type does not have, and fields that stand twice: upstream's
/// query parameter `fieldValidation`.
public enum FieldValidation {
  /// They are dropped.
  IGNORE,
  /// They are dropped, and the caller is warned.
  WARN,
  /// They are refused.
  STRICT;

  /// How many findings of one object are told.
  private static final int MOST_FINDINGS = 100;

  /// The meaning of the parameter's value; empty means `Warn`.
  public static FieldValidation of(String value) {
    return switch (value) {
      case "Ignore" -> IGNORE;
      case "Strict" -> STRICT;
      default -> WARN;
    };
  }

  /// Collects what is found in one object.
  public final class Findings {
    private final Set<String> texts = new LinkedHashSet<>(0);
    private final Map<String, String> paths = new HashMap<>(0); // of fields, by their text
    private final List<String> duplicatesInYaml = new ArrayList<>(0);
    private byte @Nullable [] document;
    private boolean sorted;

    /// Whether nothing is done about what is found.
    public boolean areIgnored() {
      return FieldValidation.this == IGNORE;
    }

    /// The same so far, to be added to.
    public Findings copy() {
      Findings copy = new Findings();
      copy.texts.addAll(texts);
      copy.paths.putAll(paths);
      return copy;
    }

    /// Adds a text of upstream's, unless there are enough of them.
    public void add(String text) {
      if (texts.size() < MOST_FINDINGS) {
        texts.add(text);
      }
    }

    private void add(String text, String path) {
      add(text);
      paths.put(text, path);
    }

    public void unknown(String path) {
      add("unknown field \"" + path + "\"", path);
    }

    public void duplicate(String path) {
      add("duplicate field \"" + path + "\"", path);
    }

    /// @param text what upstream's YAML library says of it
    public void duplicateInYaml(String text) {
      if (duplicatesInYaml.size() < MOST_FINDINGS) {
        duplicatesInYaml.add(text);
      }
    }

    /// What is found is told in the order in which it stands in a document.
    ///
    /// @param json given away by the caller
    public void inOrderOf(byte[] json) {
      document = json;
    }

    /// What is found is told in the order of its texts.
    ///
    /// @return this
    public Findings sorted() {
      sorted = true;
      return this;
    }

    /// Warns the caller of what was found, or refuses it.
    ///
    /// @param refusal makes a refusal of a text
    public void settle(Call call, Function<String, ApiException> refusal) {
      if (texts.isEmpty() && duplicatesInYaml.isEmpty()) {
        return;
      }
      switch (FieldValidation.this) {
        case IGNORE -> {}
        case WARN -> {
          duplicatesInYaml.forEach(call::warn);
          inOrder().forEach(call::warn);
        }
        case STRICT -> throw refusal.apply("strict decoding error: " + String.join(", ", all()));
      }
    }

    private List<String> all() {
      List<String> all = new ArrayList<>();
      if (!duplicatesInYaml.isEmpty()) {
        all.add("yaml: unmarshal errors:\n  " + String.join("\n  ", duplicatesInYaml));
      }
      all.addAll(inOrder());
      return all;
    }

    private List<String> inOrder() {
      List<String> ordered = new ArrayList<>(texts);
      if (sorted) {
        ordered.sort(Comparator.naturalOrder());
      }
      byte[] json = document;
      if (json != null && ordered.size() > 1) {
        List<String> places = Json.fieldPaths(json);
        ordered.sort(Comparator.comparingInt(text -> places.indexOf(paths.getOrDefault(text, ""))));
      }
      return ordered;
    }
  }
}
