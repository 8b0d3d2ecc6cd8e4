package dev.tiphys.client.placement;

import dev.tiphys.object.Struct;
import java.util.List;

/// What keeps Pods away from a node unless they tolerate it.
public record Taint(String key, String value, Effect effect) {

  /// How strongly.
  public enum Effect {
    NO_SCHEDULE("NoSchedule"),
    PREFER_NO_SCHEDULE("PreferNoSchedule"),
    NO_EXECUTE("NoExecute");

    private final String word;

    Effect(String word) {
      this.word = word;
    }

    /// As the API spells it.
    public String word() {
      return word;
    }
  }

  /// @param node the whole Node
  public static List<Taint> of(Struct node) {
    return node.structs("spec", "taints").stream().map(Taint::one).toList();
  }

  private static Taint one(Struct taint) {
    Effect effect =
        switch (taint.string("effect")) {
          case "PreferNoSchedule" -> Effect.PREFER_NO_SCHEDULE;
          case "NoExecute" -> Effect.NO_EXECUTE;
          default -> Effect.NO_SCHEDULE;
        };
    return new Taint(taint.string("key"), taint.string("value"), effect);
  }

  /// Whether it keeps Pods away for good, rather than being only less liked.
  public boolean repels() {
    return effect != Effect.PREFER_NO_SCHEDULE;
  }
}
