package dev.tiphys.apiserver.admission.node;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A new node takes no Pods until it has said that it is ready: upstream's plugin
/// TaintNodesByCondition.
public final class NotReadyTaint implements Admission {

  private static final Struct TAINT =
      Struct.of("key", "node.kubernetes.io/not-ready", "effect", "NoSchedule");

  @Override
  public Struct mutate(Request request, Struct node, @Nullable Struct old) {
    if (!request.isOn("", "nodes") || request.operation() != Operation.CREATE) {
      return node;
    }
    List<Struct> present = node.structs("spec", "taints");
    boolean tainted =
        present.stream()
            .anyMatch(
                taint ->
                    taint.string("key").equals(TAINT.string("key"))
                        && taint.string("effect").equals(TAINT.string("effect")));
    if (tainted) {
      return node;
    }
    List<Object> taints = new ArrayList<>(present);
    taints.add(TAINT);
    return node.withAt(List.copyOf(taints), "spec", "taints");
  }
}
