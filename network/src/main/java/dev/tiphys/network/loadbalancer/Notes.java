package dev.tiphys.network.loadbalancer;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What events say of a change of a Service, by their reasons. Pure.
final class Notes {

  private Notes() {}

  static Map<String, String> of(Struct before, Struct now) {
    Map<String, String> notes = new LinkedHashMap<>();
    text(notes, "Type", before, now, "type");
    list(notes, "LoadBalancerSourceRanges", before, now, "loadBalancerSourceRanges");
    text(notes, "ExternalTrafficPolicy", before, now, "externalTrafficPolicy");
    long checkedBefore = before.integer("spec", "healthCheckNodePort");
    long checkedNow = now.integer("spec", "healthCheckNodePort");
    if (checkedBefore != checkedNow) {
      notes.put("HealthCheckNodePort", checkedBefore + " -> " + checkedNow);
    }
    list(notes, "ExternalIP", before, now, "externalIPs");
    list(notes, "IPFamilies", before, now, "ipFamilies");
    if (!Meta.of(before).uid().equals(Meta.of(now).uid())) {
      notes.put("UID", Meta.of(before).uid() + " -> " + Meta.of(now).uid());
    }
    return notes;
  }

  private static void text(
      Map<String, String> notes, String reason, Struct before, Struct now, String field) {
    String old = before.string("spec", field);
    String next = now.string("spec", field);
    if (!old.equals(next)) {
      notes.put(reason, old + " -> " + next);
    }
  }

  /// Lists as Go prints them: `[a b]`.
  private static void list(
      Map<String, String> notes, String reason, Struct before, Struct now, String field) {
    List<String> old = before.struct("spec").strings(field);
    List<String> next = now.struct("spec").strings(field);
    if (!old.equals(next)) {
      notes.put(reason, printed(old) + " -> " + printed(next));
    }
  }

  private static String printed(List<String> values) {
    return "[" + String.join(" ", values) + "]";
  }
}
