package dev.tiphys.network.istio;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What becomes of a route that leaves the rest to another VirtualService.
final class Delegation {

  /// What a route of the other VirtualService has from the first one's if it says nothing itself.
  private static final List<String> INHERITED =
      List.of(
          "redirect",
          "rewrite",
          "timeout",
          "retries",
          "fault",
          "mirror",
          "mirrorPercent",
          "mirrorPercentage",
          "mirrors",
          "corsPolicy",
          "headers");

  /// Conditions of one value each.
  private static final List<String> SINGLE =
      List.of("uri", "scheme", "method", "authority", "port", "sourceNamespace");

  /// Conditions of several values by name.
  private static final List<String> BY_NAME =
      List.of("headers", "withoutHeaders", "queryParams", "sourceLabels");

  private Delegation() {}

  /// The other's route, with what it has from the first.
  static Struct merged(Struct root, Struct delegate) {
    Struct merged = delegate;
    for (String name : INHERITED) {
      Object value = root.get(name);
      if (value != null && !delegate.has(name)) {
        merged = merged.with(name, value);
      }
    }
    return merged;
  }

  /// All pairs of conditions that can hold together: those of the other only narrow the first's,
  /// and where they contradict it no request is theirs.
  static List<Struct> matches(List<Struct> root, List<Struct> delegate) {
    List<Struct> all = new ArrayList<>();
    for (Struct outer : root) {
      for (Struct inner : delegate) {
        Struct both = both(outer, inner);
        if (both != null) {
          all.add(both);
        }
      }
    }
    return all;
  }

  private static @Nullable Struct both(Struct outer, Struct inner) {
    Struct both = outer;
    for (String name : SINGLE) {
      Object own = inner.get(name);
      if (own == null) {
        continue;
      }
      if (outer.has(name) && !narrows(outer, inner, name)) {
        return null;
      }
      both = both.with(name, own);
    }
    for (String name : BY_NAME) {
      Struct conditions = both.struct(name);
      for (String key : inner.struct(name).names()) {
        Object own = inner.get(name, key);
        if (own == null || conditions.has(key) && !own.equals(conditions.get(key))) {
          return null;
        }
        conditions = conditions.with(key, own);
      }
      both = conditions.isEmpty() ? both : both.with(name, conditions);
    }
    Object gateways = inner.get("gateways");
    if (gateways != null) {
      both = both.with("gateways", gateways);
    }
    return inner.bool("ignoreUriCase") ? both.with("ignoreUriCase", true) : both;
  }

  private static boolean narrows(Struct outer, Struct inner, String name) {
    if (outer.get(name, "prefix") == null) {
      return Objects.equals(outer.get(name), inner.get(name));
    }
    String prefix = outer.string(name, "prefix");
    return inner.string(name, "prefix").startsWith(prefix)
        || inner.string(name, "exact").startsWith(prefix);
  }
}
