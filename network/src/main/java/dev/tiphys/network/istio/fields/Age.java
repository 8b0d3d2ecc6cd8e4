package dev.tiphys.network.istio.fields;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.Comparator;

/// Which of two objects goes before the other where they contradict each other.
public final class Age {

  /// The older one; of two that were made at once, the one whose name comes first.
  public static final Comparator<Struct> OLDEST_FIRST =
      Comparator.comparing(Age::created).thenComparing(each -> Meta.of(each).key());

  private Age() {}

  /// As it is written, which sorts as the time does; behind all of them if it is not.
  private static String created(Struct object) {
    String created = object.string("metadata", "creationTimestamp");
    return created.isEmpty() ? "~" : created;
  }
}
