package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which capabilities containers add and drop.
final class Capabilities {

  private static final Set<String> USUAL =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  private Capabilities() {}

  static @Nullable Finding baseline(PodParts pod) {
    String detail = added(pod, USUAL::contains);
    return detail.isEmpty() ? null : new Finding("non-default capabilities", detail);
  }

  static @Nullable Finding restricted(PodParts pod) {
    List<String> details = new ArrayList<>();
    List<String> keeping =
        pod.containersThat(container -> !of(container).strings("drop").contains("ALL"));
    if (!keeping.isEmpty()) {
      details.add(
          PodParts.named(keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
    }
    String added = added(pod, "NET_BIND_SERVICE"::equals);
    if (!added.isEmpty()) {
      details.add(added);
    }
    return details.isEmpty()
        ? null
        : new Finding("unrestricted capabilities", String.join("; ", details));
  }

  /// What containers add that they may not; empty if nothing.
  private static String added(PodParts pod, Predicate<String> allowed) {
    Set<String> forbidden = new TreeSet<>();
    List<String> adding =
        pod.containersThat(
            container -> {
              List<String> bad =
                  of(container).strings("add").stream().filter(allowed.negate()).toList();
              return forbidden.addAll(bad) || !bad.isEmpty();
            });
    return adding.isEmpty()
        ? ""
        : PodParts.named(adding)
            + " must not include "
            + PodParts.quoted(forbidden)
            + " in securityContext.capabilities.add";
  }

  private static Struct of(Struct container) {
    return PodParts.context(container).struct("capabilities");
  }
}
