package dev.tiphys.apiserver.kinds;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The conditions of certificate signing requests.
final class SigningConditions {

  private static final Set<String> DECISIONS = Set.of("Approved", "Denied");

  private SigningConditions() {}

  /// The request with the times that its writer left out: when a condition was last written, and
  /// since when it has its status.
  static Struct withTimes(Struct request, Struct old, Instant now) {
    String time = Timestamps.seconds(now);
    List<Object> conditions = new ArrayList<>();
    for (Struct condition : request.structs("status", "conditions")) {
      Struct next = condition;
      if (!next.has("lastUpdateTime")) {
        next = next.with("lastUpdateTime", time);
      }
      if (!next.has("lastTransitionTime")) {
        next = next.with("lastTransitionTime", since(next, old, time));
      }
      conditions.add(next);
    }
    return conditions.isEmpty()
        ? request
        : request.withAt(List.copyOf(conditions), "status", "conditions");
  }

  private static Object since(Struct condition, Struct old, String now) {
    for (Struct before : old.structs("status", "conditions")) {
      boolean same =
          before.string("type").equals(condition.string("type"))
              && before.string("status").equals(condition.string("status"));
      Object since = before.get("lastTransitionTime");
      if (same && since != null && since != Null.NULL) {
        return since;
      }
    }
    return now;
  }

  /// The request with its decisions as they were: a status writer may not touch them, and as long
  /// as it adds and removes none, what it says of them is passed over.
  static Struct withOldDecisions(Struct request, Struct old) {
    Struct next = request;
    for (String decision : DECISIONS) {
      List<Struct> before = ofType(old, decision);
      if (!before.isEmpty() && before.size() == ofType(next, decision).size()) {
        List<Object> conditions = new ArrayList<>();
        int count = 0;
        for (Struct condition : next.structs("status", "conditions")) {
          boolean kept = condition.string("type").equals(decision);
          conditions.add(kept ? before.get(count++) : condition);
        }
        next = next.withAt(List.copyOf(conditions), "status", "conditions");
      }
    }
    return next;
  }

  private static List<Struct> ofType(Struct request, String type) {
    return request.structs("status", "conditions").stream()
        .filter(condition -> condition.string("type").equals(type))
        .toList();
  }
}
