package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Struct;
import java.util.List;

/// Whether the taints of a device keep a request from it. Pure.
final class Taints {

  private Taints() {}

  static boolean prevent(List<Struct> taints, List<Struct> tolerations) {
    for (Struct taint : taints) {
      String effect = taint.string("effect");
      boolean counts = effect.equals("NoSchedule") || effect.equals("NoExecute");
      if (counts && tolerations.stream().noneMatch(each -> tolerates(each, taint))) {
        return true;
      }
    }
    return false;
  }

  private static boolean tolerates(Struct toleration, Struct taint) {
    return isEmptyOrSame(toleration.string("effect"), taint.string("effect"))
        && isEmptyOrSame(toleration.string("key"), taint.string("key"))
        && (toleration.string("operator").equals("Exists")
            || toleration.string("value").equals(taint.string("value")));
  }

  private static boolean isEmptyOrSame(String wanted, String value) {
    return wanted.isEmpty() || wanted.equals(value);
  }
}
