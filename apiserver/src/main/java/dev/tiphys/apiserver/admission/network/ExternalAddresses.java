package dev.tiphys.apiserver.admission.network;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Services get no new external addresses, whose owner nothing checks: upstream's plugin
/// DenyServiceExternalIPs.
public final class ExternalAddresses implements Admission {

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    if (!writes || !request.isOn("", "services")) {
      return;
    }
    Set<String> before = new HashSet<>(old == null ? List.of() : addresses(old));
    if (!before.containsAll(addresses(object))) {
      throw request.forbidden(object, "Use of external IPs is denied by admission control");
    }
  }

  private static List<String> addresses(Struct service) {
    return service.strings("spec", "externalIPs");
  }
}
