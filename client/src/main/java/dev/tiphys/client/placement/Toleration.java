package dev.tiphys.client.placement;

import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which taints a Pod puts up with.
///
/// @param key empty for all keys
/// @param operator `Exists`, `Equal`, or empty for the latter; `Lt` and `Gt` compare numbers
/// @param effect empty for all effects
/// @param seconds how long it is put up with, once it evicts; null for ever
public record Toleration(
    String key, String operator, String value, String effect, @Nullable Long seconds) {

  /// @param spec that of a Pod
  public static List<Toleration> of(Struct spec) {
    return spec.structs("tolerations").stream()
        .map(
            toleration ->
                new Toleration(
                    toleration.string("key"),
                    toleration.string("operator"),
                    toleration.string("value"),
                    toleration.string("effect"),
                    toleration.has("tolerationSeconds")
                        ? (Long) Math.max(0, toleration.integer("tolerationSeconds"))
                        : null))
        .toList();
  }

  public boolean tolerates(Taint taint) {
    if (!effect.isEmpty() && !effect.equals(taint.effect().word())) {
      return false;
    }
    if (!key.isEmpty() && !key.equals(taint.key())) {
      return false;
    }
    return switch (operator) {
      case "Exists" -> true;
      case "Lt" -> compare(taint) < 0;
      case "Gt" -> compare(taint) > 0;
      default -> value.equals(taint.value());
    };
  }

  private int compare(Taint taint) {
    try {
      return Long.compare(Long.parseLong(taint.value()), Long.parseLong(value));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  public static boolean tolerated(Taint taint, List<Toleration> tolerations) {
    for (Toleration toleration : tolerations) {
      if (toleration.tolerates(taint)) {
        return true;
      }
    }
    return false;
  }
}
