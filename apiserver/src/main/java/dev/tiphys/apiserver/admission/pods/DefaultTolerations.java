package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pods stay for five minutes on a node that is not ready or can't be reached, unless they say
/// otherwise: upstream's plugin DefaultTolerationSeconds.
public final class DefaultTolerations implements Admission {

  private static final long SECONDS = 300;
  private static final List<String> TAINTS =
      List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

  @Override
  public Struct mutate(Request request, Struct pod, @Nullable Struct old) {
    if (!request.isOn("", "pods")) {
      return pod;
    }
    List<Struct> present = pod.structs("spec", "tolerations");
    List<Object> tolerations = new ArrayList<>(present);
    for (String taint : TAINTS) {
      if (present.stream().noneMatch(toleration -> covers(toleration, taint))) {
        tolerations.add(
            new StructBuilder()
                .add("key", taint)
                .add("operator", "Exists")
                .add("effect", "NoExecute")
                .add("tolerationSeconds", SECONDS)
                .build());
      }
    }
    return tolerations.size() == present.size()
        ? pod
        : pod.withAt(List.copyOf(tolerations), "spec", "tolerations");
  }

  private static boolean covers(Struct toleration, String taint) {
    String key = toleration.string("key");
    String effect = toleration.string("effect");
    return (key.equals(taint) || key.isEmpty()) && (effect.equals("NoExecute") || effect.isEmpty());
  }
}
