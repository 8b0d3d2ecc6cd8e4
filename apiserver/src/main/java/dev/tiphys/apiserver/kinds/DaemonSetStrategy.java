package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import java.util.Objects;

/// DaemonSets: an annotation counts the changes of their template, for clients of old.
final class DaemonSetStrategy implements Strategy {

  private static final String ANNOTATION = "deprecated.daemonset.template.generation";

  @Override
  public Struct prepareForCreate(Call call, Struct set) {
    return annotated(set, 1);
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct set, Struct old) {
    long count = count(old);
    boolean changed = !Objects.equals(set.get("spec", "template"), old.get("spec", "template"));
    return annotated(set, changed ? count + 1 : count);
  }

  private static long count(Struct set) {
    try {
      return Long.parseLong(set.string("metadata", "annotations", ANNOTATION));
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  private static Struct annotated(Struct set, long count) {
    return set.withAt(Long.toString(count), "metadata", "annotations", ANNOTATION);
  }
}
