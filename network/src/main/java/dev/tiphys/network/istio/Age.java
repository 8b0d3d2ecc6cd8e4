package dev.tiphys.network.istio;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.Comparator;

/// Which of two objects goes before the other where they contradict each other.
final class Age {

  /// The older one; of two that were made at once, the one whose name comes first.
  static final Comparator<Struct> OLDEST_FIRST =
      Comparator.comparing((Struct each) -> created(each))
          .thenComparing(each -> Meta.of(each).key());

  private Age() {}

  private static Instant created(Struct object) {
    Instant created = Meta.of(object).created();
    return created == null ? Instant.MAX : created;
  }
}
