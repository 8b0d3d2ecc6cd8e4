package dev.tiphys.apiserver.admission.podsecurity;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which settings of the kernel Pods change.
///
/// @param allowed those that touch no other Pod
record Sysctls(List<String> allowed) implements Check {

  static final Sysctls OLD =
      new Sysctls(
          List.of(
              "kernel.shm_rmid_forced",
              "net.ipv4.ip_local_port_range",
              "net.ipv4.tcp_syncookies",
              "net.ipv4.ping_group_range",
              "net.ipv4.ip_unprivileged_port_start"));

  static final Sysctls SINCE_27 = OLD.and("net.ipv4.ip_local_reserved_ports");

  static final Sysctls SINCE_29 =
      SINCE_27.and(
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes");

  static final Sysctls SINCE_32 = SINCE_29.and("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem");

  private Sysctls and(String... more) {
    List<String> all = new ArrayList<>(allowed);
    all.addAll(List.of(more));
    return new Sysctls(List.copyOf(all));
  }

  @Override
  public @Nullable Finding find(PodParts pod) {
    List<String> forbidden =
        pod.context().structs("sysctls").stream()
            .map(sysctl -> sysctl.string("name"))
            .filter(name -> !allowed.contains(name))
            .toList();
    return forbidden.isEmpty()
        ? null
        : new Finding("forbidden sysctls", String.join(", ", forbidden));
  }
}
