package dev.tiphys.network.gatewayapi.fields;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.time.Instant;
import java.util.Comparator;

/// Which of two objects goes before the other where they contradict each other.
public final class Age {

  /// The older one; of two that were made at once, the one whose name comes first.
  public static final Comparator<Struct> OLDEST_FIRST =
      Comparator.comparing(Age::created).thenComparing(each -> ObjectKey.of(each).toString());

  private Age() {}

  public static Instant created(Struct object) {
    Instant created = Meta.of(object).created();
    return created == null ? Instant.MAX : created;
  }
}
