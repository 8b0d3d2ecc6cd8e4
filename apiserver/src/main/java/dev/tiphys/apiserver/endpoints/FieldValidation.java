package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.client.ApiException;
import java.util.ArrayList;
import java.util.List;
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
    private final List<String> texts = new ArrayList<>(0);

    public void unknown(String path) {
      texts.add("unknown field \"" + path + "\"");
    }

    public void duplicate(String path) {
      texts.add("duplicate field \"" + path + "\"");
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
