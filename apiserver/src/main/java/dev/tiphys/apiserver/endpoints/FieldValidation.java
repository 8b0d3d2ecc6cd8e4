package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.client.ApiException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

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

    /// Adds a text of upstream's, unless there are enough of them.
    public void add(String text) {
      if (texts.size() < MOST_FINDINGS) {
        texts.add(text);
      }
    }

    public void unknown(String path) {
      add("unknown field \"" + path + "\"");
    }

    public void duplicate(String path) {
      add("duplicate field \"" + path + "\"");
    }

    /// Warns the caller of what was found, or refuses it.
    ///
    /// @param refusal makes a refusal of a text
    public void settle(Call call, Function<String, ApiException> refusal) {
      switch (FieldValidation.this) {
        case IGNORE -> {}
        case WARN -> texts.forEach(call::warn);
        case STRICT -> {
          if (!texts.isEmpty()) {
            throw refusal.apply("strict decoding error: " + String.join(", ", texts));
          }
        }
      }
    }
  }
}
